"""A few who only look around."""

TALK = r"""
# talk
O hi
= Hello! What can I help you with?
O test
= It works. What would you like to do?
O are you a real person
= No, I'm Wick, the assistant of this workspace.
O what can you do
= I can find, summarise, translate and draft documents, and answer questions about the workspace.
O asdf
= I didn't understand that. Could you say it in other words?
O Tell me a joke, it's Monday.
= Why did the PDF stay home? It had no editable plans.
O you're better than my last assistant. that's all, have a nice weekend
= That's kind, thank you. You too!
"""

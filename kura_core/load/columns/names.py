"""The names that well-known tools give to the columns of chat logs."""

from __future__ import annotations

from functools import lru_cache

from kura_core.config import ColumnField

# All in the form `plain_name` gives; the order is the order in which they are tried.
CONVERSATION_NAMES = tuple(
    "conversationid chatid conversationuuid dialogueid dialogid conversation chat dialogue dialog "
    "threadid thread threadts sessionid session chatsessionid ticketid ticket caseid casenumber "
    "callid interactionid convid convoid conversationkey conversationhash conversationname "
    "transcriptid chatuuid".split()
)
# Where people write; taken for the conversation only where each row is a part of one.
PLACE_NAMES = ("roomid", "channelid", "contactid", "groupid")
# What may as well name a row that is one message.
ROW_ID_NAMES = ("id", "uuid", "key", "guid")
TIME_NAMES = tuple(
    "createdat timestamp time date datetime sentat created createdtime createdon creationtime "
    "createtime createdate createddate createdatutc startedat starttime startdate ts timestamputc "
    "messagetime messagetimestamp messagedate messagecreatedat eventtime eventtimestamp receivedat "
    "dateutc datetimeutc sendtime sentdate loggedat requesttime requestedat submittedat".split()
)
USER_NAMES = tuple(
    "userid user customerid accountid clientid memberid visitorid username useruuid useremail "
    "customer customeremail userhash hashedip userkey personid contactemail email participantid "
    "senderid authorid".split()
)
MESSAGES_NAMES = tuple(
    "messages conversation conversations dialog dialogue turns chat chathistory history thread "
    "transcript messagelist chatmessages conversationhistory log utterances".split()
)
ROLE_NAMES = tuple(
    "role sender from author speaker participant sendertype senderrole authortype authorrole "
    "speakerrole messagerole messagetype messageauthor messagesender sentby writtenby turnrole "
    "participantrole participanttype".split()
)
# Names that often mean something else: taken only where both sides are among the values.
WEAK_ROLE_NAMES = ("direction", "usertype", "actor", "type", "source", "user", "name")
TEXT_NAMES = tuple(
    "text content message body utterance value messagetext messagebody messagecontent transcript "
    "conversation chat dialogue dialog fulltext conversationtext chattext chattranscript rawtext "
    "msg comment turn turntext line".split()
)
PROMPT_NAMES = tuple(
    "prompt question usermessage usermsg userinput userprompt userquery userquestion usertext "
    "humanmessage instruction input query inputtext request customermessage userutterance human "
    "ask".split()
)
RESPONSE_NAMES = tuple(
    "response answer completion assistantmessage assistantresponse output reply botresponse "
    "botmessage botreply botanswer modelresponse modeloutput airesponse aimessage aianswer "
    "llmresponse chatbotresponse agentresponse agentmessage systemresponse generatedtext "
    "generation outputtext botutterance assistant bot chatbot".split()
)
ORDER_NAMES = tuple(
    "messageindex turnindex turnnumber turnid turn turnno messagenumber messageorder messageno "
    "sequence sequencenumber seq seqno position index step utteranceindex utteranceid ordinal "
    "order lineno linenumber".split()
)
FIELD_NAMES: dict[ColumnField, tuple[str, ...]] = {
    "conversation_id": CONVERSATION_NAMES + ROW_ID_NAMES,
    "created_at": TIME_NAMES,
    "user_id": USER_NAMES,
    "messages": MESSAGES_NAMES,
    "role": ROLE_NAMES + WEAK_ROLE_NAMES,
    "text": TEXT_NAMES,
    "prompt": PROMPT_NAMES,
    "response": RESPONSE_NAMES,
}
_KNOWN = frozenset(name for names in FIELD_NAMES.values() for name in names)


@lru_cache(maxsize=4096)
def plain_name(column: str) -> str:
    """A column's name without case, spaces, dashes and underscores: `Created at` is `createdat`."""
    return "".join(character for character in column.casefold() if character.isalnum())


def is_known_name(column: str) -> bool:
    """Whether a column's name is one that a well-known tool uses for a part of a conversation."""
    return plain_name(column) in _KNOWN

"""The lines the sample is made of, a module a theme; the markup is that of `markup`."""

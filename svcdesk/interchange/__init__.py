"""Files in and out: foreign tables read, cleaned and mapped; templates and exports written."""

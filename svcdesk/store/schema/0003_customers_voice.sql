-- The customer's voice: the complaint log in full, callbacks by rule, surveys with versions,
-- quality checks. Added to a file of version 2; the change log's triggers are made anew after it.

-- -- complaint log ---------------------------------------------------------------------------

-- -- detection -------------------------------------------------------------------------------

-- -- callbacks -------------------------------------------------------------------------------

-- -- surveys and quality checks --------------------------------------------------------------

-- Figures that can be defended: sums that are kept, closed months, targets by scope, what a person
-- decided about abnormal data, figures that are typed. Added to a file of version 3.

-- -- sums that are kept ------------------------------------------------------------------------

-- -- closed months -----------------------------------------------------------------------------

-- -- targets -----------------------------------------------------------------------------------

-- -- data quality ------------------------------------------------------------------------------

-- -- typed figures -----------------------------------------------------------------------------

"""The checks that were worked out by hand on a published report, made again by the product's own rules."""

-- No question uses it: a third of what a page of records wrote into indexes.
DROP INDEX calls_far;

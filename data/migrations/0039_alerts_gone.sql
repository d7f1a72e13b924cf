-- How many times alerts were taken away for good: who keeps a count of them counts again.
INSERT INTO counters (name, value) VALUES ('alerts_gone', 0);

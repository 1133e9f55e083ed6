-- What the reference of a stage's image meant when the attempt began: a digest.

ALTER TABLE attempts ADD COLUMN image text;

-- What the references of the images of a stage's services meant when their containers were made: digests by name.

ALTER TABLE attempts ADD COLUMN service_images json;

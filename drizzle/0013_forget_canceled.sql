-- What was taken back is a draft again, or was thrown away as one: nothing reads it here.
UPDATE "submissions"
SET "raw" = '', "draft" = "draft" || '{"text": "", "html": null, "attachments": []}'::jsonb
WHERE "status" = 'canceled';

CREATE EXTENSION IF NOT EXISTS btree_gin;
--> statement-breakpoint
CREATE TABLE "email_words" (
	"account_id" uuid NOT NULL,
	"email_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"language" text,
	"words" tsvector NOT NULL,
	"problem" text,
	CONSTRAINT "email_words_account_id_email_id_pk" PRIMARY KEY("account_id","email_id")
);
--> statement-breakpoint
CREATE TABLE "emails_to_index" (
	"account_id" uuid NOT NULL,
	"email_id" uuid NOT NULL,
	CONSTRAINT "emails_to_index_account_id_email_id_pk" PRIMARY KEY("account_id","email_id")
);
--> statement-breakpoint
-- UTF-8 as it is can stand for a packed text: see src/mail/content/packed-text.ts.
ALTER TABLE "email_bodies"
	ALTER COLUMN "text" SET DATA TYPE bytea USING convert_to("text", 'UTF8'),
	ALTER COLUMN "html" SET DATA TYPE bytea USING convert_to("html", 'UTF8'),
	ALTER COLUMN "text" SET STORAGE EXTERNAL,
	ALTER COLUMN "html" SET STORAGE EXTERNAL;
--> statement-breakpoint
ALTER TABLE "email_words" ADD CONSTRAINT "email_words_email" FOREIGN KEY ("account_id","email_id") REFERENCES "public"."emails"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "email_words_words" ON "email_words" USING gin ("account_id","words");
--> statement-breakpoint
INSERT INTO "emails_to_index" SELECT "account_id", "id" FROM "emails";

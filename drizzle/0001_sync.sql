CREATE TABLE "departed_emails" (
	"account_id" uuid NOT NULL,
	"email_id" uuid NOT NULL,
	"message_id" text,
	"size" bigint NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"departed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "departed_emails_account_id_email_id_pk" PRIMARY KEY("account_id","email_id")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "retry_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "live_by" text;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "poll_seconds" integer;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "quota" jsonb;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "is_gmail" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "emails" ADD COLUMN "remote_thread_id" text;--> statement-breakpoint
ALTER TABLE "emails" ADD COLUMN "list_unsubscribe_post" text;--> statement-breakpoint
ALTER TABLE "emails" ADD COLUMN "list_id" text;--> statement-breakpoint
ALTER TABLE "emails" ADD COLUMN "calendar_method" text;--> statement-breakpoint
ALTER TABLE "mailboxes" ADD COLUMN "is_role_by_hand" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "departed_emails" ADD CONSTRAINT "departed_emails_email" FOREIGN KEY ("account_id","email_id") REFERENCES "public"."emails"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "departed_emails_facts" ON "departed_emails" USING btree ("account_id","size","received_at");--> statement-breakpoint
CREATE INDEX "departed_emails_due" ON "departed_emails" USING btree ("departed_at");--> statement-breakpoint
CREATE INDEX "emails_facts" ON "emails" USING btree ("account_id","size","received_at");
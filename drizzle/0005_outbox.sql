CREATE TABLE "bulk_batches" (
	"account_id" uuid NOT NULL,
	"job_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"email_ids" uuid[] NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"changed" bigint DEFAULT 0 NOT NULL,
	"undo" jsonb,
	CONSTRAINT "bulk_batches_account_id_job_id_position_pk" PRIMARY KEY("account_id","job_id","position")
);
--> statement-breakpoint
CREATE TABLE "bulk_jobs" (
	"account_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"action" jsonb NOT NULL,
	"mailbox_id" uuid,
	"status" text NOT NULL,
	"direction" text DEFAULT 'forth' NOT NULL,
	"total" integer NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"claimed_at" timestamp with time zone,
	"problem" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "bulk_jobs_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "signatures" (
	"account_id" uuid NOT NULL,
	"identity_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"html" text,
	"text" text NOT NULL,
	CONSTRAINT "signatures_account_id_identity_id_id_pk" PRIMARY KEY("account_id","identity_id","id")
);
--> statement-breakpoint
CREATE TABLE "people" (
	"account_id" uuid NOT NULL,
	"key" text NOT NULL,
	"address" text NOT NULL,
	"name" text NOT NULL,
	"written_count" integer DEFAULT 0 NOT NULL,
	"last_written_at" timestamp with time zone,
	"received_count" integer DEFAULT 0 NOT NULL,
	"last_received_at" timestamp with time zone,
	"words" text NOT NULL,
	CONSTRAINT "people_account_id_key_pk" PRIMARY KEY("account_id","key")
);
--> statement-breakpoint
CREATE TABLE "people_progress" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"after_email_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "system_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"message_id" text NOT NULL,
	"envelope_from" text NOT NULL,
	"envelope_to" text NOT NULL,
	"raw" "bytea" NOT NULL,
	"status" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"claim" uuid,
	"claimed_at" timestamp with time zone,
	"data_started_at" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"problem" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "system_messages_idempotency" UNIQUE("idempotency_key")
);
--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "label" text;--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "reply_to" text;--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "bcc_self" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "is_default" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "sent_mailbox_id" uuid;--> statement-breakpoint
ALTER TABLE "draft_attachments" ADD COLUMN "content_id" text;--> statement-breakpoint
ALTER TABLE "draft_attachments" ADD COLUMN "disposition" text DEFAULT 'attachment' NOT NULL;--> statement-breakpoint
ALTER TABLE "drafts" ADD COLUMN "html" text;--> statement-breakpoint
ALTER TABLE "drafts" ADD COLUMN "request_receipt" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "drafts" ADD COLUMN "request_dsn" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "drafts" ADD COLUMN "require_tls" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "drafts" ADD COLUMN "discarded_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "drafts" ADD COLUMN "filed" jsonb;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "time_zone" text;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "request_dsn" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "require_tls" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "archive_after_sending" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "bulk_batches" ADD CONSTRAINT "bulk_batches_job" FOREIGN KEY ("account_id","job_id") REFERENCES "public"."bulk_jobs"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_jobs" ADD CONSTRAINT "bulk_jobs_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signatures" ADD CONSTRAINT "signatures_identity" FOREIGN KEY ("account_id","identity_id") REFERENCES "public"."identities"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "people" ADD CONSTRAINT "people_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "people_progress" ADD CONSTRAINT "people_progress_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bulk_jobs_status" ON "bulk_jobs" USING btree ("status","created_at");--> statement-breakpoint
CREATE INDEX "people_last_written" ON "people" USING btree ("account_id","last_written_at");--> statement-breakpoint
CREATE INDEX "system_messages_due" ON "system_messages" USING btree ("status","next_attempt_at");--> statement-breakpoint
CREATE UNIQUE INDEX "identities_default" ON "identities" USING btree ("account_id") WHERE is_default;--> statement-breakpoint
CREATE INDEX "drafts_updated" ON "drafts" USING btree ("updated_at");--> statement-breakpoint
CREATE INDEX "drafts_discarded" ON "drafts" USING btree ("discarded_at") WHERE discarded_at is not null;--> statement-breakpoint
CREATE INDEX "submissions_data_started" ON "submissions" USING btree ("account_id","data_started_at");--> statement-breakpoint
ALTER TABLE "identities" DROP COLUMN "signature";--> statement-breakpoint
UPDATE "drafts" SET "version" = -"version", "discarded_at" = "updated_at" WHERE "version" < 0;

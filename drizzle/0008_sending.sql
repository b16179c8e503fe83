CREATE TABLE "deferred_deliveries" (
	"account_id" uuid NOT NULL,
	"submission_id" uuid NOT NULL,
	"recipients" jsonb NOT NULL,
	"attempts" integer NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"claim" uuid,
	"claimed_at" timestamp with time zone,
	"data_started_at" timestamp with time zone,
	CONSTRAINT "deferred_deliveries_account_id_submission_id_pk" PRIMARY KEY("account_id","submission_id")
);
--> statement-breakpoint
DROP INDEX "submissions_idempotency";--> statement-breakpoint
ALTER TABLE "bulk_jobs" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "is_to_remember" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "deferred_deliveries" ADD CONSTRAINT "deferred_deliveries_submission" FOREIGN KEY ("account_id","submission_id") REFERENCES "public"."submissions"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deferred_deliveries_due" ON "deferred_deliveries" USING btree ("next_attempt_at");--> statement-breakpoint
CREATE INDEX "submissions_to_remember" ON "submissions" USING btree ("account_id","id") WHERE is_to_remember;--> statement-breakpoint
CREATE UNIQUE INDEX "submissions_idempotency" ON "submissions" USING btree ("account_id","idempotency_key") WHERE status <> 'canceled';
CREATE TABLE "handovers" (
	"account_id" uuid NOT NULL,
	"claim" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "handovers_account_id_claim_pk" PRIMARY KEY("account_id","claim")
);
--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "handovers_at" ON "handovers" USING btree ("account_id","at");--> statement-breakpoint
-- What was handed over before this still counts.
INSERT INTO "handovers" ("account_id", "claim", "at")
SELECT "account_id", gen_random_uuid(), "data_started_at" FROM "submissions" WHERE "data_started_at" > now() - interval '1 day';

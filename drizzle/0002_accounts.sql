ALTER TABLE "account_setups" ADD COLUMN "replaces_account_id" uuid;--> statement-breakpoint
ALTER TABLE "pending_operations" ADD COLUMN "about" jsonb;--> statement-breakpoint
ALTER TABLE "account_setups" ADD CONSTRAINT "account_setups_replaces_account_id_accounts_id_fk" FOREIGN KEY ("replaces_account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;
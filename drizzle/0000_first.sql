CREATE TABLE "account_members" (
	"account_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "account_members_account_id_user_id_pk" PRIMARY KEY("account_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "account_setups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"address" text NOT NULL,
	"name" text NOT NULL,
	"imap" jsonb,
	"smtp" jsonb,
	"sealed" "bytea",
	"status" text DEFAULT 'waiting' NOT NULL,
	"problem" jsonb,
	"account_id" uuid,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"address" text NOT NULL,
	"name" text NOT NULL,
	"color" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"protocol" text NOT NULL,
	"imap" jsonb NOT NULL,
	"smtp" jsonb NOT NULL,
	"credential_id" uuid NOT NULL,
	"status" text DEFAULT 'connecting' NOT NULL,
	"problem" jsonb,
	"state" bigint DEFAULT 0 NOT NULL,
	"oldest_state" bigint DEFAULT 0 NOT NULL,
	"lease_holder" text,
	"lease_fence" bigint DEFAULT 0 NOT NULL,
	"lease_expires_at" timestamp with time zone,
	"last_synced_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identities" (
	"account_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"signature" text DEFAULT '' NOT NULL,
	CONSTRAINT "identities_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "attachments" (
	"account_id" uuid NOT NULL,
	"email_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"part" text,
	"encoding" text,
	"filename" text NOT NULL,
	"media_type" text NOT NULL,
	"size" bigint NOT NULL,
	"content_id" text,
	"disposition" text NOT NULL,
	"blob_hash" text,
	CONSTRAINT "attachments_account_id_email_id_position_pk" PRIMARY KEY("account_id","email_id","position")
);
--> statement-breakpoint
CREATE TABLE "email_bodies" (
	"account_id" uuid NOT NULL,
	"email_id" uuid NOT NULL,
	"text" text NOT NULL,
	"html" text,
	CONSTRAINT "email_bodies_account_id_email_id_pk" PRIMARY KEY("account_id","email_id")
);
--> statement-breakpoint
CREATE TABLE "emails" (
	"account_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"thread_id" uuid NOT NULL,
	"remote_id" text,
	"message_id" text,
	"in_reply_to" text[] NOT NULL,
	"references" text[] NOT NULL,
	"subject" text NOT NULL,
	"base_subject" text NOT NULL,
	"from" jsonb NOT NULL,
	"to" jsonb NOT NULL,
	"cc" jsonb NOT NULL,
	"bcc" jsonb NOT NULL,
	"reply_to" jsonb NOT NULL,
	"sent_at" timestamp with time zone,
	"received_at" timestamp with time zone NOT NULL,
	"size" bigint NOT NULL,
	"snippet" text NOT NULL,
	"has_attachment" boolean NOT NULL,
	"list_unsubscribe" text,
	"authentication_results" text[] NOT NULL,
	"body_status" text NOT NULL,
	"body_problem" text,
	"fetch_attempts" integer DEFAULT 0 NOT NULL,
	"state" bigint NOT NULL,
	CONSTRAINT "emails_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "mailbox_emails" (
	"account_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"mailbox_id" uuid NOT NULL,
	"email_id" uuid NOT NULL,
	"thread_id" uuid NOT NULL,
	"uid_validity" bigint,
	"uid" bigint,
	"modseq" bigint,
	"received_at" timestamp with time zone NOT NULL,
	"is_seen" boolean NOT NULL,
	"is_flagged" boolean NOT NULL,
	"keywords" text[] NOT NULL,
	"state" bigint NOT NULL,
	CONSTRAINT "mailbox_emails_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "mailboxes" (
	"account_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"remote_id" text NOT NULL,
	"name" text NOT NULL,
	"parent_id" uuid,
	"role" text,
	"delimiter" text,
	"is_selectable" boolean DEFAULT true NOT NULL,
	"is_subscribed" boolean DEFAULT true NOT NULL,
	"phase" text DEFAULT 'discovered' NOT NULL,
	"cursor" jsonb,
	"email_count" integer DEFAULT 0 NOT NULL,
	"unread_count" integer DEFAULT 0 NOT NULL,
	"remote_count" integer,
	"last_synced_at" timestamp with time zone,
	"missing_since" timestamp with time zone,
	"problem" jsonb,
	"state" bigint NOT NULL,
	CONSTRAINT "mailboxes_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "draft_attachments" (
	"account_id" uuid NOT NULL,
	"draft_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"filename" text NOT NULL,
	"media_type" text NOT NULL,
	"size" bigint NOT NULL,
	"blob_hash" text,
	"source_email_id" uuid,
	"source_position" integer,
	CONSTRAINT "draft_attachments_account_id_draft_id_id_pk" PRIMARY KEY("account_id","draft_id","id")
);
--> statement-breakpoint
CREATE TABLE "drafts" (
	"account_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"identity_id" uuid NOT NULL,
	"to" jsonb NOT NULL,
	"cc" jsonb NOT NULL,
	"bcc" jsonb NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"related_email_id" uuid,
	"relation" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"state" bigint NOT NULL,
	CONSTRAINT "drafts_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "pending_operations" (
	"account_id" uuid NOT NULL,
	"sequence" bigint GENERATED ALWAYS AS IDENTITY (sequence name "pending_operations_sequence_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"operation" jsonb NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone DEFAULT now() NOT NULL,
	"problem" jsonb,
	"is_settled" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pending_operations_account_id_sequence_pk" PRIMARY KEY("account_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "submissions" (
	"account_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"idempotency_key" text NOT NULL,
	"identity_id" uuid NOT NULL,
	"message_id" text NOT NULL,
	"envelope_from" text NOT NULL,
	"envelope_to" text[] NOT NULL,
	"raw" "bytea" NOT NULL,
	"subject" text NOT NULL,
	"status" text NOT NULL,
	"send_at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"claim" uuid,
	"claimed_at" timestamp with time zone,
	"data_started_at" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"refused" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"problem" jsonb,
	"email_id" uuid NOT NULL,
	"related_email_id" uuid,
	"relation" text,
	"draft" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"state" bigint NOT NULL,
	CONSTRAINT "submissions_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "mailbox_threads" (
	"account_id" uuid NOT NULL,
	"mailbox_id" uuid NOT NULL,
	"thread_id" uuid NOT NULL,
	"newest_at" timestamp with time zone NOT NULL,
	"newest_email_id" uuid NOT NULL,
	"count" integer NOT NULL,
	"unread" integer NOT NULL,
	"is_flagged" boolean NOT NULL,
	"state" bigint NOT NULL,
	CONSTRAINT "mailbox_threads_account_id_mailbox_id_thread_id_pk" PRIMARY KEY("account_id","mailbox_id","thread_id")
);
--> statement-breakpoint
CREATE TABLE "thread_message_ids" (
	"account_id" uuid NOT NULL,
	"message_id" text NOT NULL,
	"thread_id" uuid NOT NULL,
	CONSTRAINT "thread_message_ids_account_id_message_id_pk" PRIMARY KEY("account_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "threads" (
	"account_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"merged_into" uuid,
	"is_by_hand" boolean DEFAULT false NOT NULL,
	"state" bigint NOT NULL,
	CONSTRAINT "threads_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "tombstones" (
	"account_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"state" bigint NOT NULL,
	CONSTRAINT "tombstones_account_id_kind_id_pk" PRIMARY KEY("account_id","kind","id")
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"purpose" text NOT NULL,
	"email" text,
	"role" text NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"used_by" uuid,
	CONSTRAINT "invitations_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "invitations_role_known" CHECK ("invitations"."role" in ('user', 'admin')),
	CONSTRAINT "invitations_purpose_known" CHECK ("invitations"."purpose" in ('first_admin', 'invite'))
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text NOT NULL,
	"role" text DEFAULT 'user' NOT NULL,
	"session_epoch" integer DEFAULT 0 NOT NULL,
	"state" bigint DEFAULT 0 NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"disabled_at" timestamp with time zone,
	CONSTRAINT "users_email_unique" UNIQUE("email"),
	CONSTRAINT "users_role_known" CHECK ("users"."role" in ('user', 'admin')),
	CONSTRAINT "users_email_lower_case" CHECK ("users"."email" = lower("users"."email"))
);
--> statement-breakpoint
ALTER TABLE "account_members" ADD CONSTRAINT "account_members_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_members" ADD CONSTRAINT "account_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_setups" ADD CONSTRAINT "account_setups_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_setups" ADD CONSTRAINT "account_setups_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_credential_id_credentials_id_fk" FOREIGN KEY ("credential_id") REFERENCES "public"."credentials"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_email" FOREIGN KEY ("account_id","email_id") REFERENCES "public"."emails"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "email_bodies" ADD CONSTRAINT "email_bodies_email" FOREIGN KEY ("account_id","email_id") REFERENCES "public"."emails"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "emails" ADD CONSTRAINT "emails_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailbox_emails" ADD CONSTRAINT "mailbox_emails_mailbox" FOREIGN KEY ("account_id","mailbox_id") REFERENCES "public"."mailboxes"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailbox_emails" ADD CONSTRAINT "mailbox_emails_email_row" FOREIGN KEY ("account_id","email_id") REFERENCES "public"."emails"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailboxes" ADD CONSTRAINT "mailboxes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draft_attachments" ADD CONSTRAINT "draft_attachments_draft" FOREIGN KEY ("account_id","draft_id") REFERENCES "public"."drafts"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pending_operations" ADD CONSTRAINT "pending_operations_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailbox_threads" ADD CONSTRAINT "mailbox_threads_mailbox" FOREIGN KEY ("account_id","mailbox_id") REFERENCES "public"."mailboxes"("account_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "thread_message_ids" ADD CONSTRAINT "thread_message_ids_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "threads" ADD CONSTRAINT "threads_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tombstones" ADD CONSTRAINT "tombstones_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_used_by_users_id_fk" FOREIGN KEY ("used_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_members_user" ON "account_members" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "accounts_lease" ON "accounts" USING btree ("lease_expires_at");--> statement-breakpoint
CREATE INDEX "emails_thread" ON "emails" USING btree ("account_id","thread_id");--> statement-breakpoint
CREATE INDEX "emails_remote_id" ON "emails" USING btree ("account_id","remote_id") WHERE remote_id is not null;--> statement-breakpoint
CREATE INDEX "emails_message_id" ON "emails" USING btree ("account_id","message_id");--> statement-breakpoint
CREATE INDEX "emails_base_subject" ON "emails" USING btree ("account_id","base_subject","received_at");--> statement-breakpoint
CREATE INDEX "emails_state" ON "emails" USING btree ("account_id","state");--> statement-breakpoint
CREATE INDEX "emails_to_fetch" ON "emails" USING btree ("account_id") WHERE body_status <> 'stored';--> statement-breakpoint
CREATE UNIQUE INDEX "mailbox_emails_uid" ON "mailbox_emails" USING btree ("account_id","mailbox_id","uid_validity","uid") WHERE uid is not null;--> statement-breakpoint
CREATE INDEX "mailbox_emails_list" ON "mailbox_emails" USING btree ("account_id","mailbox_id","received_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "mailbox_emails_thread" ON "mailbox_emails" USING btree ("account_id","thread_id");--> statement-breakpoint
CREATE INDEX "mailbox_emails_email" ON "mailbox_emails" USING btree ("account_id","email_id");--> statement-breakpoint
CREATE INDEX "mailbox_emails_unplaced" ON "mailbox_emails" USING btree ("account_id","mailbox_id") WHERE uid is null;--> statement-breakpoint
CREATE INDEX "mailbox_emails_state" ON "mailbox_emails" USING btree ("account_id","state");--> statement-breakpoint
CREATE UNIQUE INDEX "mailboxes_remote_id" ON "mailboxes" USING btree ("account_id","remote_id");--> statement-breakpoint
CREATE INDEX "mailboxes_state" ON "mailboxes" USING btree ("account_id","state");--> statement-breakpoint
CREATE INDEX "drafts_state" ON "drafts" USING btree ("account_id","state");--> statement-breakpoint
CREATE INDEX "pending_operations_due" ON "pending_operations" USING btree ("is_settled","next_attempt_at");--> statement-breakpoint
CREATE UNIQUE INDEX "submissions_idempotency" ON "submissions" USING btree ("account_id","idempotency_key");--> statement-breakpoint
CREATE INDEX "submissions_due" ON "submissions" USING btree ("status","next_attempt_at");--> statement-breakpoint
CREATE INDEX "submissions_state" ON "submissions" USING btree ("account_id","state");--> statement-breakpoint
CREATE INDEX "mailbox_threads_list" ON "mailbox_threads" USING btree ("account_id","mailbox_id","newest_at" DESC NULLS FIRST,"thread_id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "mailbox_threads_thread" ON "mailbox_threads" USING btree ("account_id","thread_id");--> statement-breakpoint
CREATE INDEX "mailbox_threads_state" ON "mailbox_threads" USING btree ("account_id","state");--> statement-breakpoint
CREATE INDEX "thread_message_ids_thread" ON "thread_message_ids" USING btree ("account_id","thread_id");--> statement-breakpoint
CREATE INDEX "threads_state" ON "threads" USING btree ("account_id","state");--> statement-breakpoint
CREATE INDEX "tombstones_state" ON "tombstones" USING btree ("account_id","state");--> statement-breakpoint
CREATE INDEX "invitations_purpose_unused" ON "invitations" USING btree ("purpose") WHERE "invitations"."used_at" is null;
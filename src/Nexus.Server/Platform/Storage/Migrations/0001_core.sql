-- Secrets, wrapped by the master key.
create table secrets (
  name text primary key,
  sealed bytea not null,
  created_at bigint not null
);

-- One log for each tenant and env: its size and the compact range of its tree.
create table log_heads (
  tenant_id text not null,
  env text not null,
  size bigint not null,
  range bytea not null,
  recorded_at bigint not null,
  primary key (tenant_id, env)
);

-- Events. entry is the canonical envelope whose hash is the leaf; content and salt can be erased, nothing else can change.
-- event_type to actor_id repeat what the envelope or content says, for the filters of GET /audit/events.
create table events (
  tenant_id text not null,
  env text not null,
  seq bigint not null,
  event_id text not null,
  recorded_at bigint not null,
  event_type text not null,
  action text not null,
  asset_type text,
  asset_id text,
  trace_id text not null,
  actor_id text,
  subject_id text,
  surface text,
  entry text not null,
  leaf bytea not null,
  content text,
  salt bytea,
  primary key (tenant_id, env, seq)
);
create unique index events_by_id on events (tenant_id, env, event_id);
create index events_by_trace on events (tenant_id, env, trace_id, seq);
create index events_by_asset on events (tenant_id, env, asset_id, seq);

-- Kept answers of mutations that carried an Idempotency-Key; dropped after 24 hours.
create table kept_answers (
  tenant_id text not null,
  env text not null,
  caller text not null,
  route text not null,
  key text not null,
  fingerprint bytea not null,
  body text,
  etag text,
  created_at bigint not null,
  primary key (tenant_id, env, caller, route, key)
);
create index kept_answers_by_age on kept_answers (created_at);

create table kill_switches (
  tenant_id text not null,
  env text not null,
  id text not null,
  disable_providers text not null,
  disable_autonomy boolean not null,
  disabled_actions text not null,
  created_at bigint not null,
  updated_at bigint not null,
  seq bigint not null,
  primary key (tenant_id, env)
);

-- What a tenant stores, in bytes of all its envs, and its requests of the current day (days since 1970).
create table usage (
  tenant_id text not null,
  env text not null,
  storage_bytes bigint not null,
  day bigint not null,
  requests bigint not null,
  primary key (tenant_id, env)
);

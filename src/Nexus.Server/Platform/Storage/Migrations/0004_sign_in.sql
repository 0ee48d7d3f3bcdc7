-- What sign-in keeps. Of every secret only a hash is stored.

-- Tenant-0 exists from the start; whoever sets the service up becomes its owner.
insert into tenants (tenant_id, name, status, created_at, seq) values ('t_system', 'System', 'active', 0, 0);

-- A session is a family of refresh tokens. Ending it ends its access tokens within 5 s on every node.
create table sessions (
  session_id text primary key,
  user_id text not null,
  created_at bigint not null,
  expires_at bigint not null,
  ended_at bigint,
  seq bigint not null
);
create index sessions_by_user on sessions (user_id);

create table refresh_tokens (
  token_hash bytea primary key,
  session_id text not null,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);
create index refresh_tokens_by_session on refresh_tokens (session_id);
create index refresh_tokens_by_age on refresh_tokens (expires_at);

-- Links for setting the service up (user_id is null) and for a new password. made_in is the tenant whose admin made
-- the link; null: the operator did.
create table one_time_links (
  token_hash bytea primary key,
  kind text not null,
  user_id text,
  made_in text,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);

-- status: open, taken or withdrawn.
create table invitations (
  tenant_id text not null,
  invitation_id text not null,
  email text not null,
  role text not null,
  token_hash bytea not null,
  status text not null,
  created_at bigint not null,
  created_by text not null,
  expires_at bigint not null,
  seq bigint not null,
  primary key (tenant_id, invitation_id)
);
create unique index invitations_by_token on invitations (token_hash);

-- key_env is the only env the key works in; null: all. A revoked key keeps its row: events name it.
create table api_keys (
  tenant_id text not null,
  key_id text not null,
  name text not null,
  role text not null,
  key_env text,
  actor_type text not null,
  key_hash bytea not null,
  created_at bigint not null,
  created_by text not null,
  expires_at bigint,
  revoked_at bigint,
  seq bigint not null,
  primary key (tenant_id, key_id)
);

-- Sessions that agents remember. One belongs to the user who wrote its first turn. turns is the place of the next turn; bytes is what
-- its turns count in the tenant's quota; seq is that of its last event.
create table memory_sessions (
  tenant_id text not null,
  env text not null,
  session_id text not null,
  user_id text not null,
  turns bigint not null,
  bytes bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  seq bigint not null,
  primary key (tenant_id, env, session_id)
);

-- position is taken while the log is locked, so turns that are posted at once have one order. said_at is the caller's word.
create table memory_turns (
  tenant_id text not null,
  env text not null,
  session_id text not null,
  position bigint not null,
  turn_id text not null,
  role text not null,
  content text not null,
  content_bytes bigint not null,
  metadata text not null,
  subject_id text,
  said_at bigint not null,
  created_at bigint not null,
  created_by text not null,
  seq bigint not null,
  primary key (tenant_id, env, session_id, position)
);

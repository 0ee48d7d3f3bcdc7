-- What may become of use: notes of a person or an agent, each its user's. tags are kept one a line, with a line feed before the first and
-- after the last, so that one can be looked for whole; a tag has no line feed. folded is title and body in lower case, to be searched.
-- bytes is what an item counts in the tenant's quota; seq is that of its last event.
create table maybes (
  tenant_id text not null,
  env text not null,
  item_id text not null,
  user_id text not null,
  space text not null,
  title text not null,
  body text not null,
  folded text not null,
  tags text not null,
  source_type text not null,
  source_engine text,
  source_ref text not null,
  pinned boolean not null,
  archived boolean not null,
  bytes bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  seq bigint not null,
  primary key (tenant_id, env, item_id)
);
create index maybes_by_user on maybes (tenant_id, env, user_id, created_at, item_id);

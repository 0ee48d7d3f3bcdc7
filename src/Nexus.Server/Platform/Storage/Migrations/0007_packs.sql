-- Influence packs never change: what an agent was given must stay readable as it was.
create table packs (
  tenant_id text not null,
  env text not null,
  pack_id text not null,
  query text not null,
  card_refs text not null,
  metadata text not null,
  created_at bigint not null,
  created_by text not null,
  seq bigint not null,
  primary key (tenant_id, env, pack_id)
);

-- The newest revision of each card. body_start and body_length say where in full_text the trimmed body stands (UTF-16 units).
-- seq is that of the card's last event. A deleted card keeps its row without any text, so that projections hear of it.
create table cards (
  tenant_id text not null,
  env text not null,
  card_id text not null,
  revision integer not null,
  version text not null,
  card_type text not null,
  header text not null,
  full_text text not null,
  body_start integer not null,
  body_length integer not null,
  subject_id text,
  created_at bigint not null,
  created_by text not null,
  updated_at bigint not null,
  updated_by text not null,
  seq bigint not null,
  deleted boolean not null,
  primary key (tenant_id, env, card_id)
);
create index cards_by_seq on cards (tenant_id, env, seq);
create index cards_by_type on cards (tenant_id, env, card_type, card_id);

-- Revisions before the newest.
create table card_revisions (
  tenant_id text not null,
  env text not null,
  card_id text not null,
  revision integer not null,
  version text not null,
  card_type text not null,
  header text not null,
  full_text text not null,
  body_start integer not null,
  body_length integer not null,
  created_at bigint not null,
  created_by text not null,
  primary key (tenant_id, env, card_id, revision)
);

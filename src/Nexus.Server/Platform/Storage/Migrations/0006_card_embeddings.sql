-- Embeddings of cards, made in the background. seq is that of the revision a vector is of; vector is float32, little-endian.
create table card_embeddings (
  tenant_id text not null,
  env text not null,
  card_id text not null,
  seq bigint not null,
  model text not null,
  vector bytea not null,
  primary key (tenant_id, env, card_id)
);

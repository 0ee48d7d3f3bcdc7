-- Atoms: what an op made of an asset, named after what it is a function of. An atom with children has no content; they have
-- part 1, 2, 3 … of it and its seq, and say which characters of the decoded text they are. Rows never change.
create table atoms (
  tenant_id text not null,
  env text not null,
  atom_id text not null,
  parent_asset_id text not null,
  parent_atom_id text,
  part integer not null,
  uri text not null,
  op_type text not null,
  op_version text not null,
  params text not null,
  content text,
  content_length integer not null,
  start_char integer,
  end_char integer,
  children integer not null,
  metadata text not null,
  sha256 text not null,
  source_sha256 text not null,
  subject_id text,
  created_at bigint not null,
  created_by text not null,
  seq bigint not null,
  primary key (tenant_id, env, atom_id)
);
create index atoms_by_seq on atoms (tenant_id, env, seq, part);
create index atoms_by_asset on atoms (tenant_id, env, parent_asset_id, seq, part);
create index atoms_by_parent on atoms (tenant_id, env, parent_atom_id, part);

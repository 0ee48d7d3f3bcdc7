-- Hashes of each log's tree, 256 a tile. Tile n of level l holds the hashes of 256 subtrees of 256^l leaves each, from subtree 256 n on.
-- A tile of level 0 is written when it is full, one of a higher level grows by one hash at a time; a full one never changes.
create table log_tiles (
  tenant_id text not null,
  env text not null,
  level integer not null,
  n bigint not null,
  hashes bytea not null,
  primary key (tenant_id, env, level, n),
  check (level >= 0 and n >= 0 and length(hashes) between 32 and 8192 and length(hashes) % 32 = 0 and (level > 0 or length(hashes) = 8192))
);

-- What was made of what, where a slice's own rows do not say it in a column: the slice writes the links to a thing with the thing.
create table lineage_links (
  tenant_id text not null,
  env text not null,
  from_id text not null,
  to_id text not null,
  how text not null,
  primary key (tenant_id, env, from_id, to_id)
);
create index lineage_links_back on lineage_links (tenant_id, env, to_id);

-- Atoms that are no parts: an asset's parts may be thousands.
create index atoms_of_asset on atoms (tenant_id, env, parent_asset_id, seq) where part = 0;

-- What is stored already. Only what has the form of an id becomes a link.
insert into lineage_links (tenant_id, env, from_id, to_id, how)
select p.tenant_id, p.env, json_extract(r.value, '$.card_id'), p.pack_id, 'card_ref' from packs p, json_each(p.card_refs) r
where true on conflict do nothing;
insert into lineage_links (tenant_id, env, from_id, to_id, how)
select c.tenant_id, c.env, r.value, c.card_id, c.how
from (
  select tenant_id, env, card_id, header, 'artifact_ref' as how from cards where header like '%"artifact_refs"%'
  union all select tenant_id, env, card_id, header, 'earlier_artifact_ref' from card_revisions where header like '%"artifact_refs"%'
) c, json_each(c.header, '$.artifact_refs') r
where json_type(c.header, '$.artifact_refs') = 'array' and r.type = 'text' and (
  (length(r.value) = 36 and r.value glob '????????-????-????-????-????????????' and replace(r.value, '-', '') not glob '*[^0-9a-f]*' and length(replace(r.value, '-', '')) = 32)
  or (length(r.value) = 68 and r.value glob '[a-z][a-z][a-z]_*' and substr(r.value, 5) not glob '*[^0-9a-f]*')
)
order by c.how on conflict do nothing;

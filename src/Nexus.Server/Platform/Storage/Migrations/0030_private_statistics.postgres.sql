-- What somebody wrote stays out of the planner's statistics: those keep samples of a column's values, and go on keeping them when the rows
-- are erased, for as long as nothing analyzes the table again (an empty one, never). No plan hangs on these columns.
alter table users alter column email set statistics 0, alter column display_name set statistics 0, alter column subject set statistics 0;
alter table invitations alter column email set statistics 0;
alter table events alter column content set statistics 0, alter column surface set statistics 0;
alter table kept_answers alter column route set statistics 0, alter column key set statistics 0, alter column body set statistics 0;
alter table cards alter column version set statistics 0, alter column card_type set statistics 0, alter column header set statistics 0, alter column full_text set statistics 0;
alter table card_revisions alter column version set statistics 0, alter column card_type set statistics 0, alter column header set statistics 0,
  alter column full_text set statistics 0;
alter table packs alter column query set statistics 0, alter column card_refs set statistics 0, alter column metadata set statistics 0;
alter table raw_assets alter column filename set statistics 0, alter column metadata set statistics 0;
alter table raw_uploads alter column filename set statistics 0;
alter table atoms alter column uri set statistics 0, alter column params set statistics 0, alter column content set statistics 0, alter column metadata set statistics 0;
alter table memory_turns alter column content set statistics 0, alter column metadata set statistics 0;
alter table maybes alter column space set statistics 0, alter column title set statistics 0, alter column body set statistics 0, alter column folded set statistics 0,
  alter column tags set statistics 0, alter column source_type set statistics 0, alter column source_engine set statistics 0, alter column source_ref set statistics 0;

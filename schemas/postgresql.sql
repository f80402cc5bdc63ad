CREATE TABLE change_counters (
	library_id TEXT COLLATE "C" NOT NULL,
	number BIGINT NOT NULL,
	changed_at TEXT COLLATE "C" NOT NULL,
	configuration_change BIGINT,
	CONSTRAINT pk_change_counters PRIMARY KEY (library_id)
);

CREATE TABLE jobs (
	key BIGSERIAL NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	payload TEXT COLLATE "C" NOT NULL,
	unique_key TEXT COLLATE "C",
	state TEXT COLLATE "C" NOT NULL,
	run_at TEXT COLLATE "C" NOT NULL,
	attempts BIGINT NOT NULL,
	lease_token TEXT COLLATE "C",
	lease_until TEXT COLLATE "C",
	last_error TEXT COLLATE "C",
	created_at TEXT COLLATE "C" NOT NULL,
	finished_at TEXT COLLATE "C",
	CONSTRAINT pk_jobs PRIMARY KEY (key)
);

CREATE INDEX ix_jobs_state_run_at ON jobs (state, run_at);

CREATE UNIQUE INDEX uq_jobs_unique_key ON jobs (unique_key);

CREATE TABLE organizations (
	id TEXT COLLATE "C" NOT NULL,
	slug TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	created_at TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_organizations PRIMARY KEY (id)
);

CREATE UNIQUE INDEX uq_organizations_slug ON organizations (slug);

CREATE TABLE users (
	id TEXT COLLATE "C" NOT NULL,
	email TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	password_hash TEXT COLLATE "C",
	created_at TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_users PRIMARY KEY (id)
);

CREATE UNIQUE INDEX uq_users_email ON users (email);

CREATE TABLE change_sets (
	key BIGSERIAL NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	number BIGINT NOT NULL,
	changed_at TEXT COLLATE "C" NOT NULL,
	user_id TEXT COLLATE "C" NOT NULL,
	action TEXT COLLATE "C" NOT NULL,
	surface TEXT COLLATE "C" NOT NULL,
	reason TEXT COLLATE "C",
	origin TEXT COLLATE "C",
	CONSTRAINT pk_change_sets PRIMARY KEY (key),
	CONSTRAINT fk_change_sets_library_id_change_counters FOREIGN KEY(library_id) REFERENCES change_counters (library_id)
);

CREATE INDEX ix_change_sets_library_id_changed_at ON change_sets (library_id, changed_at);

CREATE UNIQUE INDEX uq_change_sets_library_id_number ON change_sets (library_id, number);

CREATE TABLE libraries (
	id TEXT COLLATE "C" NOT NULL,
	organization_id TEXT COLLATE "C" NOT NULL,
	slug TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	created_at TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_libraries PRIMARY KEY (id),
	CONSTRAINT fk_libraries_id_change_counters FOREIGN KEY(id) REFERENCES change_counters (library_id),
	CONSTRAINT fk_libraries_organization_id_organizations FOREIGN KEY(organization_id) REFERENCES organizations (id)
);

CREATE UNIQUE INDEX uq_libraries_organization_id_slug ON libraries (organization_id, slug);

CREATE TABLE outbox (
	key BIGSERIAL NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	change_number BIGINT NOT NULL,
	event_id TEXT COLLATE "C" NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	payload TEXT COLLATE "C" NOT NULL,
	occurred_at TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_outbox PRIMARY KEY (key),
	CONSTRAINT fk_outbox_library_id_change_counters FOREIGN KEY(library_id) REFERENCES change_counters (library_id)
);

CREATE INDEX ix_outbox_library_id_change_number ON outbox (library_id, change_number);

CREATE UNIQUE INDEX uq_outbox_event_id ON outbox (event_id);

CREATE TABLE api_keys (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	user_id TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	surface TEXT COLLATE "C" NOT NULL,
	prefix TEXT COLLATE "C" NOT NULL,
	digest TEXT COLLATE "C" NOT NULL,
	created_at TEXT COLLATE "C" NOT NULL,
	expires_at TEXT COLLATE "C",
	last_used_at TEXT COLLATE "C",
	revoked_at TEXT COLLATE "C",
	CONSTRAINT pk_api_keys PRIMARY KEY (id),
	CONSTRAINT fk_api_keys_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_api_keys_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_api_keys_library_id_user_id ON api_keys (library_id, user_id);

CREATE UNIQUE INDEX uq_api_keys_digest ON api_keys (digest);

CREATE TABLE attributes (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	type TEXT COLLATE "C" NOT NULL,
	unit TEXT COLLATE "C",
	source TEXT COLLATE "C" NOT NULL,
	source_key TEXT COLLATE "C",
	choices TEXT COLLATE "C" NOT NULL,
	retired_change BIGINT,
	CONSTRAINT pk_attributes PRIMARY KEY (id),
	CONSTRAINT fk_attributes_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE UNIQUE INDEX uq_attributes_library_id_name ON attributes (library_id, name) WHERE retired_change IS NULL;

CREATE TABLE categories (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	short_name TEXT COLLATE "C",
	type TEXT COLLATE "C" NOT NULL,
	unit_of_measure TEXT COLLATE "C" NOT NULL,
	parent_id TEXT COLLATE "C",
	retired_change BIGINT,
	CONSTRAINT pk_categories PRIMARY KEY (id),
	CONSTRAINT fk_categories_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_categories_parent_id_categories FOREIGN KEY(parent_id) REFERENCES categories (id)
);

CREATE INDEX ix_categories_library_id_name ON categories (library_id, name);

CREATE UNIQUE INDEX uq_categories_library_id_code ON categories (library_id, code) WHERE retired_change IS NULL;

CREATE TABLE change_orders (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	sequence BIGINT NOT NULL,
	type TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	description TEXT COLLATE "C" NOT NULL,
	status TEXT COLLATE "C" NOT NULL,
	resolution TEXT COLLATE "C" NOT NULL,
	template_id TEXT COLLATE "C" NOT NULL,
	template_name TEXT COLLATE "C" NOT NULL,
	template TEXT COLLATE "C" NOT NULL,
	contents TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	created_by TEXT COLLATE "C" NOT NULL,
	created_at TEXT COLLATE "C" NOT NULL,
	updated_by TEXT COLLATE "C" NOT NULL,
	updated_at TEXT COLLATE "C" NOT NULL,
	submitted_at TEXT COLLATE "C",
	resolved_at TEXT COLLATE "C",
	closed_at TEXT COLLATE "C",
	release_change BIGINT,
	deleted_at TEXT COLLATE "C",
	CONSTRAINT pk_change_orders PRIMARY KEY (id),
	CONSTRAINT fk_change_orders_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE INDEX ix_change_orders_library_id_status ON change_orders (library_id, status);

CREATE UNIQUE INDEX uq_change_orders_library_id_sequence ON change_orders (library_id, sequence);

CREATE TABLE column_mappings (
	library_id TEXT COLLATE "C" NOT NULL,
	header TEXT COLLATE "C" NOT NULL,
	titles TEXT COLLATE "C" NOT NULL,
	columns TEXT COLLATE "C" NOT NULL,
	saved_at TEXT COLLATE "C" NOT NULL,
	saved_by TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_column_mappings PRIMARY KEY (library_id, header),
	CONSTRAINT fk_column_mappings_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE TABLE components (
	key BIGSERIAL NOT NULL,
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	cpn TEXT COLLATE "C" NOT NULL,
	created_at TEXT COLLATE "C" NOT NULL,
	created_by TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_components PRIMARY KEY (key),
	CONSTRAINT fk_components_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE INDEX ix_components_library_id_created_at_key ON components (library_id, created_at, key);

CREATE UNIQUE INDEX uq_components_id ON components (id);

CREATE UNIQUE INDEX uq_components_library_id_cpn ON components (library_id, cpn);

CREATE TABLE configuration_versions (
	library_id TEXT COLLATE "C" NOT NULL,
	number BIGINT NOT NULL,
	change BIGINT NOT NULL,
	origin TEXT COLLATE "C" NOT NULL,
	reason TEXT COLLATE "C" NOT NULL,
	steps TEXT COLLATE "C" NOT NULL,
	created_at TEXT COLLATE "C" NOT NULL,
	created_by TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_configuration_versions PRIMARY KEY (library_id, number),
	CONSTRAINT fk_configuration_versions_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE TABLE definitions (
	key BIGSERIAL NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	id TEXT COLLATE "C" NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	text TEXT COLLATE "C" NOT NULL,
	from_change BIGINT NOT NULL,
	to_change BIGINT NOT NULL,
	created_at TEXT COLLATE "C" NOT NULL,
	created_by TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_definitions PRIMARY KEY (key),
	CONSTRAINT fk_definitions_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE INDEX ix_definitions_library_id_to_change ON definitions (library_id, to_change);

CREATE UNIQUE INDEX uq_definitions_library_id_kind_name_version ON definitions (library_id, kind, name, version);

CREATE TABLE imports (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	options TEXT COLLATE "C" NOT NULL,
	format TEXT COLLATE "C",
	counts TEXT COLLATE "C",
	digest TEXT COLLATE "C",
	problems TEXT COLLATE "C" NOT NULL,
	keeps_results BOOLEAN NOT NULL,
	change_number BIGINT,
	undone_by BIGINT,
	created_by TEXT COLLATE "C" NOT NULL,
	created_at TEXT COLLATE "C" NOT NULL,
	updated_at TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_imports PRIMARY KEY (id),
	CONSTRAINT fk_imports_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE INDEX ix_imports_library_id_created_at ON imports (library_id, created_at, id);

CREATE TABLE issued_numbers (
	library_id TEXT COLLATE "C" NOT NULL,
	number TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_issued_numbers PRIMARY KEY (library_id, number),
	CONSTRAINT fk_issued_numbers_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE TABLE members (
	library_id TEXT COLLATE "C" NOT NULL,
	user_id TEXT COLLATE "C" NOT NULL,
	role TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_members PRIMARY KEY (library_id, user_id),
	CONSTRAINT fk_members_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_members_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_members_user_id ON members (user_id);

CREATE TABLE number_counters (
	library_id TEXT COLLATE "C" NOT NULL,
	scope TEXT COLLATE "C" NOT NULL,
	last_value BIGINT NOT NULL,
	CONSTRAINT pk_number_counters PRIMARY KEY (library_id, scope),
	CONSTRAINT fk_number_counters_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE TABLE review_delegations (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	user_id TEXT COLLATE "C" NOT NULL,
	delegate_id TEXT COLLATE "C" NOT NULL,
	starts_at TEXT COLLATE "C" NOT NULL,
	ends_at TEXT COLLATE "C" NOT NULL,
	created_by TEXT COLLATE "C" NOT NULL,
	created_at TEXT COLLATE "C" NOT NULL,
	ended_at TEXT COLLATE "C",
	CONSTRAINT pk_review_delegations PRIMARY KEY (id),
	CONSTRAINT fk_review_delegations_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_review_delegations_user_id_users FOREIGN KEY(user_id) REFERENCES users (id),
	CONSTRAINT fk_review_delegations_delegate_id_users FOREIGN KEY(delegate_id) REFERENCES users (id)
);

CREATE INDEX ix_review_delegations_delegate_id ON review_delegations (library_id, delegate_id);

CREATE TABLE statuses (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	maps_to TEXT COLLATE "C" NOT NULL,
	color TEXT COLLATE "C" NOT NULL,
	position BIGINT NOT NULL,
	retired_change BIGINT,
	CONSTRAINT pk_statuses PRIMARY KEY (id),
	CONSTRAINT fk_statuses_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE UNIQUE INDEX uq_statuses_library_id_name ON statuses (library_id, name) WHERE retired_change IS NULL;

CREATE TABLE uploads (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	size BIGINT NOT NULL,
	sha256 TEXT COLLATE "C",
	secret TEXT COLLATE "C" NOT NULL,
	created_by TEXT COLLATE "C" NOT NULL,
	created_at TEXT COLLATE "C" NOT NULL,
	expires_at TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_uploads PRIMARY KEY (id),
	CONSTRAINT fk_uploads_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE INDEX ix_uploads_expires_at ON uploads (expires_at);

CREATE INDEX ix_uploads_library_id ON uploads (library_id);

CREATE TABLE attribute_values (
	key BIGSERIAL NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	component_key BIGINT NOT NULL,
	attribute_id TEXT COLLATE "C" NOT NULL,
	from_version BIGINT NOT NULL,
	to_version BIGINT NOT NULL,
	from_change BIGINT NOT NULL,
	to_change BIGINT NOT NULL,
	text TEXT COLLATE "C" NOT NULL,
	number FLOAT(53),
	value TEXT COLLATE "C",
	unit TEXT COLLATE "C",
	CONSTRAINT pk_attribute_values PRIMARY KEY (key),
	CONSTRAINT fk_attribute_values_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_attribute_values_component_key_components FOREIGN KEY(component_key) REFERENCES components (key),
	CONSTRAINT fk_attribute_values_attribute_id_attributes FOREIGN KEY(attribute_id) REFERENCES attributes (id)
);

CREATE INDEX ix_attribute_values_attribute_id_to_change_number ON attribute_values (attribute_id, to_change, number);

CREATE INDEX ix_attribute_values_component_key_to_change ON attribute_values (component_key, to_change);

CREATE TABLE bom_lines (
	key BIGSERIAL NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	line_id TEXT COLLATE "C" NOT NULL,
	parent_key BIGINT NOT NULL,
	child_key BIGINT NOT NULL,
	from_version BIGINT NOT NULL,
	to_version BIGINT NOT NULL,
	from_change BIGINT NOT NULL,
	to_change BIGINT NOT NULL,
	position BIGINT NOT NULL,
	quantity TEXT COLLATE "C" NOT NULL,
	unit TEXT COLLATE "C" NOT NULL,
	item_number BIGINT,
	reference_designators TEXT COLLATE "C" NOT NULL,
	notes TEXT COLLATE "C" NOT NULL,
	is_do_not_place BOOLEAN NOT NULL,
	substitutes TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_bom_lines PRIMARY KEY (key),
	CONSTRAINT fk_bom_lines_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_bom_lines_parent_key_components FOREIGN KEY(parent_key) REFERENCES components (key),
	CONSTRAINT fk_bom_lines_child_key_components FOREIGN KEY(child_key) REFERENCES components (key)
);

CREATE INDEX ix_bom_lines_child_key_to_change ON bom_lines (child_key, to_change);

CREATE INDEX ix_bom_lines_graph ON bom_lines (library_id, to_change, parent_key, position, key, child_key, quantity, is_do_not_place);

CREATE INDEX ix_bom_lines_library_id_from_change ON bom_lines (library_id, from_change);

CREATE INDEX ix_bom_lines_line_id_to_change ON bom_lines (line_id, to_change);

CREATE INDEX ix_bom_lines_parent_key_to_change ON bom_lines (parent_key, to_change);

CREATE TABLE category_attributes (
	category_id TEXT COLLATE "C" NOT NULL,
	attribute_id TEXT COLLATE "C" NOT NULL,
	position BIGINT NOT NULL,
	rule TEXT COLLATE "C",
	CONSTRAINT pk_category_attributes PRIMARY KEY (category_id, attribute_id),
	CONSTRAINT fk_category_attributes_category_id_categories FOREIGN KEY(category_id) REFERENCES categories (id),
	CONSTRAINT fk_category_attributes_attribute_id_attributes FOREIGN KEY(attribute_id) REFERENCES attributes (id)
);

CREATE TABLE change_order_comments (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	change_order_id TEXT COLLATE "C" NOT NULL,
	parent_id TEXT COLLATE "C",
	item_id TEXT COLLATE "C",
	field TEXT COLLATE "C",
	line_id TEXT COLLATE "C",
	text TEXT COLLATE "C" NOT NULL,
	created_by TEXT COLLATE "C" NOT NULL,
	created_at TEXT COLLATE "C" NOT NULL,
	edited_at TEXT COLLATE "C",
	resolved_by TEXT COLLATE "C",
	resolved_at TEXT COLLATE "C",
	CONSTRAINT pk_change_order_comments PRIMARY KEY (id),
	CONSTRAINT fk_change_order_comments_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_change_order_comments_change_order_id_change_orders FOREIGN KEY(change_order_id) REFERENCES change_orders (id),
	CONSTRAINT fk_change_order_comments_parent_id_change_order_comments FOREIGN KEY(parent_id) REFERENCES change_order_comments (id)
);

CREATE INDEX ix_change_order_comments_change_order_id ON change_order_comments (change_order_id, created_at);

CREATE TABLE change_order_items (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	change_order_id TEXT COLLATE "C" NOT NULL,
	position BIGINT NOT NULL,
	component_key BIGINT NOT NULL,
	component_version BIGINT NOT NULL,
	proposed_status_id TEXT COLLATE "C" NOT NULL,
	proposed_revision TEXT COLLATE "C",
	is_revision_chosen BOOLEAN NOT NULL,
	CONSTRAINT pk_change_order_items PRIMARY KEY (id),
	CONSTRAINT fk_change_order_items_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_change_order_items_change_order_id_change_orders FOREIGN KEY(change_order_id) REFERENCES change_orders (id),
	CONSTRAINT fk_change_order_items_component_key_components FOREIGN KEY(component_key) REFERENCES components (key),
	CONSTRAINT fk_change_order_items_proposed_status_id_statuses FOREIGN KEY(proposed_status_id) REFERENCES statuses (id)
);

CREATE INDEX ix_change_order_items_component_key ON change_order_items (component_key);

CREATE UNIQUE INDEX uq_change_order_items_component ON change_order_items (change_order_id, component_key);

CREATE TABLE change_order_stages (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	change_order_id TEXT COLLATE "C" NOT NULL,
	position BIGINT NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	types TEXT COLLATE "C" NOT NULL,
	approval_type TEXT COLLATE "C" NOT NULL,
	minimum BIGINT NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	notify TEXT COLLATE "C" NOT NULL,
	opened_at TEXT COLLATE "C",
	decided_at TEXT COLLATE "C",
	CONSTRAINT pk_change_order_stages PRIMARY KEY (id),
	CONSTRAINT fk_change_order_stages_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_change_order_stages_change_order_id_change_orders FOREIGN KEY(change_order_id) REFERENCES change_orders (id)
);

CREATE UNIQUE INDEX uq_change_order_stages_position ON change_order_stages (change_order_id, position);

CREATE TABLE component_aliases (
	key BIGSERIAL NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	component_key BIGINT NOT NULL,
	from_version BIGINT NOT NULL,
	to_version BIGINT NOT NULL,
	from_change BIGINT NOT NULL,
	to_change BIGINT NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	value TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_component_aliases PRIMARY KEY (key),
	CONSTRAINT fk_component_aliases_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_component_aliases_component_key_components FOREIGN KEY(component_key) REFERENCES components (key)
);

CREATE INDEX ix_component_aliases_component_key_to_change ON component_aliases (component_key, to_change);

CREATE UNIQUE INDEX uq_component_aliases_library_id_value ON component_aliases (library_id, value) WHERE to_change = 9007199254740991;

CREATE TABLE component_locks (
	component_key BIGINT NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	holder_id TEXT COLLATE "C" NOT NULL,
	holder_label TEXT COLLATE "C" NOT NULL,
	refuses_edits BOOLEAN NOT NULL,
	CONSTRAINT pk_component_locks PRIMARY KEY (component_key),
	CONSTRAINT fk_component_locks_component_key_components FOREIGN KEY(component_key) REFERENCES components (key),
	CONSTRAINT fk_component_locks_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE INDEX ix_component_locks_holder_id ON component_locks (holder_id);

CREATE TABLE component_marks (
	user_id TEXT COLLATE "C" NOT NULL,
	component_key BIGINT NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_component_marks PRIMARY KEY (user_id, component_key, kind),
	CONSTRAINT fk_component_marks_user_id_users FOREIGN KEY(user_id) REFERENCES users (id),
	CONSTRAINT fk_component_marks_component_key_components FOREIGN KEY(component_key) REFERENCES components (key),
	CONSTRAINT fk_component_marks_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE INDEX ix_component_marks_component_key ON component_marks (component_key);

CREATE TABLE component_versions (
	key BIGSERIAL NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	component_key BIGINT NOT NULL,
	number BIGINT NOT NULL,
	from_change BIGINT NOT NULL,
	to_change BIGINT NOT NULL,
	saved_at TEXT COLLATE "C" NOT NULL,
	saved_by TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	description TEXT COLLATE "C" NOT NULL,
	category_id TEXT COLLATE "C" NOT NULL,
	status_id TEXT COLLATE "C" NOT NULL,
	revision TEXT COLLATE "C",
	revision_sort TEXT COLLATE "C" NOT NULL,
	eid TEXT COLLATE "C",
	procurement TEXT COLLATE "C" NOT NULL,
	unit_of_measure TEXT COLLATE "C" NOT NULL,
	labels TEXT COLLATE "C" NOT NULL,
	is_archived BOOLEAN NOT NULL,
	CONSTRAINT pk_component_versions PRIMARY KEY (key),
	CONSTRAINT fk_component_versions_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_component_versions_component_key_components FOREIGN KEY(component_key) REFERENCES components (key),
	CONSTRAINT fk_component_versions_category_id_categories FOREIGN KEY(category_id) REFERENCES categories (id),
	CONSTRAINT fk_component_versions_status_id_statuses FOREIGN KEY(status_id) REFERENCES statuses (id)
);

CREATE INDEX ix_component_versions_component_key_to_change ON component_versions (component_key, to_change);

CREATE INDEX ix_component_versions_library_id_to_change_category_id ON component_versions (library_id, to_change, category_id);

CREATE INDEX ix_component_versions_library_id_to_change_is_archived ON component_versions (library_id, to_change, is_archived);

CREATE INDEX ix_component_versions_name ON component_versions (library_id, to_change, name, component_key);

CREATE INDEX ix_component_versions_saved ON component_versions (library_id, to_change, saved_at, component_key);

CREATE UNIQUE INDEX uq_component_versions_component_key_number ON component_versions (component_key, number);

CREATE TABLE import_files (
	import_id TEXT COLLATE "C" NOT NULL,
	position BIGINT NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	upload_id TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	size BIGINT NOT NULL,
	CONSTRAINT pk_import_files PRIMARY KEY (import_id, position),
	CONSTRAINT fk_import_files_import_id_imports FOREIGN KEY(import_id) REFERENCES imports (id),
	CONSTRAINT fk_import_files_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

CREATE TABLE releases (
	key BIGSERIAL NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	component_key BIGINT NOT NULL,
	version BIGINT NOT NULL,
	revision TEXT COLLATE "C" NOT NULL,
	revision_sort TEXT COLLATE "C" NOT NULL,
	status_id TEXT COLLATE "C" NOT NULL,
	from_change BIGINT NOT NULL,
	to_change BIGINT NOT NULL,
	released_at TEXT COLLATE "C" NOT NULL,
	released_by TEXT COLLATE "C" NOT NULL,
	change_order_id TEXT COLLATE "C",
	CONSTRAINT pk_releases PRIMARY KEY (key),
	CONSTRAINT fk_releases_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_releases_component_key_components FOREIGN KEY(component_key) REFERENCES components (key),
	CONSTRAINT fk_releases_status_id_statuses FOREIGN KEY(status_id) REFERENCES statuses (id)
);

CREATE INDEX ix_releases_component_key_to_change ON releases (component_key, to_change);

CREATE INDEX ix_releases_library_id_to_change ON releases (library_id, to_change);

CREATE TABLE sources (
	key BIGSERIAL NOT NULL,
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	component_key BIGINT NOT NULL,
	from_version BIGINT NOT NULL,
	to_version BIGINT NOT NULL,
	from_change BIGINT NOT NULL,
	to_change BIGINT NOT NULL,
	rank BIGINT NOT NULL,
	manufacturer TEXT COLLATE "C" NOT NULL,
	mpn TEXT COLLATE "C" NOT NULL,
	description TEXT COLLATE "C" NOT NULL,
	datasheet TEXT COLLATE "C",
	status TEXT COLLATE "C" NOT NULL,
	offers TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_sources PRIMARY KEY (key),
	CONSTRAINT fk_sources_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_sources_component_key_components FOREIGN KEY(component_key) REFERENCES components (key)
);

CREATE INDEX ix_sources_component_key_to_change ON sources (component_key, to_change);

CREATE INDEX ix_sources_library_id_to_change_manufacturer ON sources (library_id, to_change, manufacturer);

CREATE INDEX ix_sources_library_id_to_change_mpn ON sources (library_id, to_change, mpn);

CREATE TABLE validation_runs (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	change_order_id TEXT COLLATE "C" NOT NULL,
	sequence BIGINT NOT NULL,
	digest TEXT COLLATE "C" NOT NULL,
	facts_digest TEXT COLLATE "C" NOT NULL,
	configuration_change BIGINT NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	pass_count BIGINT NOT NULL,
	fail_count BIGINT NOT NULL,
	warning_count BIGINT NOT NULL,
	created_by TEXT COLLATE "C" NOT NULL,
	created_at TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_validation_runs PRIMARY KEY (id),
	CONSTRAINT fk_validation_runs_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_validation_runs_change_order_id_change_orders FOREIGN KEY(change_order_id) REFERENCES change_orders (id)
);

CREATE UNIQUE INDEX uq_validation_runs_sequence ON validation_runs (change_order_id, sequence);

CREATE TABLE change_order_decisions (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	change_order_id TEXT COLLATE "C" NOT NULL,
	stage_id TEXT COLLATE "C" NOT NULL,
	reviewer_id TEXT COLLATE "C" NOT NULL,
	decided_by TEXT COLLATE "C" NOT NULL,
	verdict TEXT COLLATE "C" NOT NULL,
	note TEXT COLLATE "C" NOT NULL,
	digest TEXT COLLATE "C" NOT NULL,
	decided_at TEXT COLLATE "C" NOT NULL,
	ended_at TEXT COLLATE "C",
	CONSTRAINT pk_change_order_decisions PRIMARY KEY (id),
	CONSTRAINT fk_change_order_decisions_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_change_order_decisions_change_order_id_change_orders FOREIGN KEY(change_order_id) REFERENCES change_orders (id),
	CONSTRAINT fk_change_order_decisions_stage_id_change_order_stages FOREIGN KEY(stage_id) REFERENCES change_order_stages (id),
	CONSTRAINT fk_change_order_decisions_reviewer_id_users FOREIGN KEY(reviewer_id) REFERENCES users (id),
	CONSTRAINT fk_change_order_decisions_decided_by_users FOREIGN KEY(decided_by) REFERENCES users (id)
);

CREATE INDEX ix_change_order_decisions_change_order_id ON change_order_decisions (change_order_id);

CREATE UNIQUE INDEX uq_change_order_decisions_reviewer ON change_order_decisions (stage_id, reviewer_id) WHERE ended_at IS NULL;

CREATE TABLE change_order_reviewers (
	id TEXT COLLATE "C" NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	change_order_id TEXT COLLATE "C" NOT NULL,
	stage_id TEXT COLLATE "C" NOT NULL,
	position BIGINT NOT NULL,
	user_id TEXT COLLATE "C",
	named TEXT COLLATE "C" NOT NULL,
	is_required BOOLEAN NOT NULL,
	is_required_to_approve BOOLEAN NOT NULL,
	is_of_template BOOLEAN NOT NULL,
	CONSTRAINT pk_change_order_reviewers PRIMARY KEY (id),
	CONSTRAINT fk_change_order_reviewers_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id),
	CONSTRAINT fk_change_order_reviewers_change_order_id_change_orders FOREIGN KEY(change_order_id) REFERENCES change_orders (id),
	CONSTRAINT fk_change_order_reviewers_stage_id_change_order_stages FOREIGN KEY(stage_id) REFERENCES change_order_stages (id),
	CONSTRAINT fk_change_order_reviewers_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_change_order_reviewers_change_order_id ON change_order_reviewers (change_order_id);

CREATE INDEX ix_change_order_reviewers_user_id ON change_order_reviewers (library_id, user_id);

CREATE TABLE validation_results (
	run_id TEXT COLLATE "C" NOT NULL,
	position BIGINT NOT NULL,
	library_id TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	type TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	on_failure TEXT COLLATE "C" NOT NULL,
	message TEXT COLLATE "C" NOT NULL,
	rule_id TEXT COLLATE "C",
	logs TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_validation_results PRIMARY KEY (run_id, position),
	CONSTRAINT fk_validation_results_run_id_validation_runs FOREIGN KEY(run_id) REFERENCES validation_runs (id),
	CONSTRAINT fk_validation_results_library_id_libraries FOREIGN KEY(library_id) REFERENCES libraries (id)
);

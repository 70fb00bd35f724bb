package io.heliosdb.nano.error;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An error code as a client sees it: five characters and the condition name PL/pgSQL knows it by.
/// The constants are PostgreSQL's; user code may raise codes of its own ([#of]).
/// Source: PostgreSQL 15 manual, appendix A "PostgreSQL Error Codes".
public final class SqlState {
  private static final Map<String, SqlState> BY_CODE = new HashMap<>(512);
  private static final Map<String, SqlState> BY_CONDITION = new HashMap<>(512);

  public static final SqlState SUCCESSFUL_COMPLETION = define("00000", "successful_completion");
  public static final SqlState WARNING = define("01000", "warning");
  public static final SqlState WARNING_DYNAMIC_RESULT_SETS_RETURNED = define("0100C", "dynamic_result_sets_returned");
  public static final SqlState WARNING_IMPLICIT_ZERO_BIT_PADDING = define("01008", "implicit_zero_bit_padding");
  public static final SqlState WARNING_NULL_VALUE_ELIMINATED_IN_SET_FUNCTION = define("01003", "null_value_eliminated_in_set_function");
  public static final SqlState WARNING_PRIVILEGE_NOT_GRANTED = define("01007", "privilege_not_granted");
  public static final SqlState WARNING_PRIVILEGE_NOT_REVOKED = define("01006", "privilege_not_revoked");
  public static final SqlState WARNING_STRING_DATA_RIGHT_TRUNCATION = define("01004", "string_data_right_truncation");
  public static final SqlState WARNING_DEPRECATED_FEATURE = define("01P01", "deprecated_feature");
  public static final SqlState NO_DATA = define("02000", "no_data");
  public static final SqlState NO_ADDITIONAL_DYNAMIC_RESULT_SETS_RETURNED = define("02001", "no_additional_dynamic_result_sets_returned");
  public static final SqlState SQL_STATEMENT_NOT_YET_COMPLETE = define("03000", "sql_statement_not_yet_complete");
  public static final SqlState CONNECTION_EXCEPTION = define("08000", "connection_exception");
  public static final SqlState CONNECTION_DOES_NOT_EXIST = define("08003", "connection_does_not_exist");
  public static final SqlState CONNECTION_FAILURE = define("08006", "connection_failure");
  public static final SqlState SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION = define("08001", "sqlclient_unable_to_establish_sqlconnection");
  public static final SqlState SQLSERVER_REJECTED_ESTABLISHMENT_OF_SQLCONNECTION = define("08004", "sqlserver_rejected_establishment_of_sqlconnection");
  public static final SqlState TRANSACTION_RESOLUTION_UNKNOWN = define("08007", "transaction_resolution_unknown");
  public static final SqlState PROTOCOL_VIOLATION = define("08P01", "protocol_violation");
  public static final SqlState TRIGGERED_ACTION_EXCEPTION = define("09000", "triggered_action_exception");
  public static final SqlState FEATURE_NOT_SUPPORTED = define("0A000", "feature_not_supported");
  public static final SqlState INVALID_TRANSACTION_INITIATION = define("0B000", "invalid_transaction_initiation");
  public static final SqlState LOCATOR_EXCEPTION = define("0F000", "locator_exception");
  public static final SqlState L_E_INVALID_SPECIFICATION = define("0F001", "invalid_locator_specification");
  public static final SqlState INVALID_GRANTOR = define("0L000", "invalid_grantor");
  public static final SqlState INVALID_GRANT_OPERATION = define("0LP01", "invalid_grant_operation");
  public static final SqlState INVALID_ROLE_SPECIFICATION = define("0P000", "invalid_role_specification");
  public static final SqlState DIAGNOSTICS_EXCEPTION = define("0Z000", "diagnostics_exception");
  public static final SqlState STACKED_DIAGNOSTICS_ACCESSED_WITHOUT_ACTIVE_HANDLER = define("0Z002", "stacked_diagnostics_accessed_without_active_handler");
  public static final SqlState CASE_NOT_FOUND = define("20000", "case_not_found");
  public static final SqlState CARDINALITY_VIOLATION = define("21000", "cardinality_violation");
  public static final SqlState DATA_EXCEPTION = define("22000", "data_exception");
  public static final SqlState ARRAY_ELEMENT_ERROR = define("2202E", "array_element_error");
  public static final SqlState ARRAY_SUBSCRIPT_ERROR = define("2202E", "array_subscript_error");
  public static final SqlState CHARACTER_NOT_IN_REPERTOIRE = define("22021", "character_not_in_repertoire");
  public static final SqlState DATETIME_FIELD_OVERFLOW = define("22008", "datetime_field_overflow");
  public static final SqlState DATETIME_VALUE_OUT_OF_RANGE = define("22008", "datetime_value_out_of_range");
  public static final SqlState DIVISION_BY_ZERO = define("22012", "division_by_zero");
  public static final SqlState ERROR_IN_ASSIGNMENT = define("22005", "error_in_assignment");
  public static final SqlState ESCAPE_CHARACTER_CONFLICT = define("2200B", "escape_character_conflict");
  public static final SqlState INDICATOR_OVERFLOW = define("22022", "indicator_overflow");
  public static final SqlState INTERVAL_FIELD_OVERFLOW = define("22015", "interval_field_overflow");
  public static final SqlState INVALID_ARGUMENT_FOR_LOG = define("2201E", "invalid_argument_for_logarithm");
  public static final SqlState INVALID_ARGUMENT_FOR_NTILE = define("22014", "invalid_argument_for_ntile_function");
  public static final SqlState INVALID_ARGUMENT_FOR_NTH_VALUE = define("22016", "invalid_argument_for_nth_value_function");
  public static final SqlState INVALID_ARGUMENT_FOR_POWER_FUNCTION = define("2201F", "invalid_argument_for_power_function");
  public static final SqlState INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION = define("2201G", "invalid_argument_for_width_bucket_function");
  public static final SqlState INVALID_CHARACTER_VALUE_FOR_CAST = define("22018", "invalid_character_value_for_cast");
  public static final SqlState INVALID_DATETIME_FORMAT = define("22007", "invalid_datetime_format");
  public static final SqlState INVALID_ESCAPE_CHARACTER = define("22019", "invalid_escape_character");
  public static final SqlState INVALID_ESCAPE_OCTET = define("2200D", "invalid_escape_octet");
  public static final SqlState INVALID_ESCAPE_SEQUENCE = define("22025", "invalid_escape_sequence");
  public static final SqlState NONSTANDARD_USE_OF_ESCAPE_CHARACTER = define("22P06", "nonstandard_use_of_escape_character");
  public static final SqlState INVALID_INDICATOR_PARAMETER_VALUE = define("22010", "invalid_indicator_parameter_value");
  public static final SqlState INVALID_PARAMETER_VALUE = define("22023", "invalid_parameter_value");
  public static final SqlState INVALID_PRECEDING_OR_FOLLOWING_SIZE = define("22013", "invalid_preceding_or_following_size");
  public static final SqlState INVALID_REGULAR_EXPRESSION = define("2201B", "invalid_regular_expression");
  public static final SqlState INVALID_ROW_COUNT_IN_LIMIT_CLAUSE = define("2201W", "invalid_row_count_in_limit_clause");
  public static final SqlState INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE = define("2201X", "invalid_row_count_in_result_offset_clause");
  public static final SqlState INVALID_TABLESAMPLE_ARGUMENT = define("2202H", "invalid_tablesample_argument");
  public static final SqlState INVALID_TABLESAMPLE_REPEAT = define("2202G", "invalid_tablesample_repeat");
  public static final SqlState INVALID_TIME_ZONE_DISPLACEMENT_VALUE = define("22009", "invalid_time_zone_displacement_value");
  public static final SqlState INVALID_USE_OF_ESCAPE_CHARACTER = define("2200C", "invalid_use_of_escape_character");
  public static final SqlState MOST_SPECIFIC_TYPE_MISMATCH = define("2200G", "most_specific_type_mismatch");
  public static final SqlState NULL_VALUE_NOT_ALLOWED = define("22004", "null_value_not_allowed");
  public static final SqlState NULL_VALUE_NO_INDICATOR_PARAMETER = define("22002", "null_value_no_indicator_parameter");
  public static final SqlState NUMERIC_VALUE_OUT_OF_RANGE = define("22003", "numeric_value_out_of_range");
  public static final SqlState SEQUENCE_GENERATOR_LIMIT_EXCEEDED = define("2200H", "sequence_generator_limit_exceeded");
  public static final SqlState STRING_DATA_LENGTH_MISMATCH = define("22026", "string_data_length_mismatch");
  public static final SqlState STRING_DATA_RIGHT_TRUNCATION = define("22001", "string_data_right_truncation");
  public static final SqlState SUBSTRING_ERROR = define("22011", "substring_error");
  public static final SqlState TRIM_ERROR = define("22027", "trim_error");
  public static final SqlState UNTERMINATED_C_STRING = define("22024", "unterminated_c_string");
  public static final SqlState ZERO_LENGTH_CHARACTER_STRING = define("2200F", "zero_length_character_string");
  public static final SqlState FLOATING_POINT_EXCEPTION = define("22P01", "floating_point_exception");
  public static final SqlState INVALID_TEXT_REPRESENTATION = define("22P02", "invalid_text_representation");
  public static final SqlState INVALID_BINARY_REPRESENTATION = define("22P03", "invalid_binary_representation");
  public static final SqlState BAD_COPY_FILE_FORMAT = define("22P04", "bad_copy_file_format");
  public static final SqlState UNTRANSLATABLE_CHARACTER = define("22P05", "untranslatable_character");
  public static final SqlState NOT_AN_XML_DOCUMENT = define("2200L", "not_an_xml_document");
  public static final SqlState INVALID_XML_DOCUMENT = define("2200M", "invalid_xml_document");
  public static final SqlState INVALID_XML_CONTENT = define("2200N", "invalid_xml_content");
  public static final SqlState INVALID_XML_COMMENT = define("2200S", "invalid_xml_comment");
  public static final SqlState INVALID_XML_PROCESSING_INSTRUCTION = define("2200T", "invalid_xml_processing_instruction");
  public static final SqlState DUPLICATE_JSON_OBJECT_KEY_VALUE = define("22030", "duplicate_json_object_key_value");
  public static final SqlState INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION = define("22031", "invalid_argument_for_sql_json_datetime_function");
  public static final SqlState INVALID_JSON_TEXT = define("22032", "invalid_json_text");
  public static final SqlState INVALID_SQL_JSON_SUBSCRIPT = define("22033", "invalid_sql_json_subscript");
  public static final SqlState MORE_THAN_ONE_SQL_JSON_ITEM = define("22034", "more_than_one_sql_json_item");
  public static final SqlState NO_SQL_JSON_ITEM = define("22035", "no_sql_json_item");
  public static final SqlState NON_NUMERIC_SQL_JSON_ITEM = define("22036", "non_numeric_sql_json_item");
  public static final SqlState NON_UNIQUE_KEYS_IN_A_JSON_OBJECT = define("22037", "non_unique_keys_in_a_json_object");
  public static final SqlState SINGLETON_SQL_JSON_ITEM_REQUIRED = define("22038", "singleton_sql_json_item_required");
  public static final SqlState SQL_JSON_ARRAY_NOT_FOUND = define("22039", "sql_json_array_not_found");
  public static final SqlState SQL_JSON_MEMBER_NOT_FOUND = define("2203A", "sql_json_member_not_found");
  public static final SqlState SQL_JSON_NUMBER_NOT_FOUND = define("2203B", "sql_json_number_not_found");
  public static final SqlState SQL_JSON_OBJECT_NOT_FOUND = define("2203C", "sql_json_object_not_found");
  public static final SqlState TOO_MANY_JSON_ARRAY_ELEMENTS = define("2203D", "too_many_json_array_elements");
  public static final SqlState TOO_MANY_JSON_OBJECT_MEMBERS = define("2203E", "too_many_json_object_members");
  public static final SqlState SQL_JSON_SCALAR_REQUIRED = define("2203F", "sql_json_scalar_required");
  public static final SqlState SQL_JSON_ITEM_CANNOT_BE_CAST_TO_TARGET_TYPE = define("2203G", "sql_json_item_cannot_be_cast_to_target_type");
  public static final SqlState INTEGRITY_CONSTRAINT_VIOLATION = define("23000", "integrity_constraint_violation");
  public static final SqlState RESTRICT_VIOLATION = define("23001", "restrict_violation");
  public static final SqlState NOT_NULL_VIOLATION = define("23502", "not_null_violation");
  public static final SqlState FOREIGN_KEY_VIOLATION = define("23503", "foreign_key_violation");
  public static final SqlState UNIQUE_VIOLATION = define("23505", "unique_violation");
  public static final SqlState CHECK_VIOLATION = define("23514", "check_violation");
  public static final SqlState EXCLUSION_VIOLATION = define("23P01", "exclusion_violation");
  public static final SqlState INVALID_CURSOR_STATE = define("24000", "invalid_cursor_state");
  public static final SqlState INVALID_TRANSACTION_STATE = define("25000", "invalid_transaction_state");
  public static final SqlState ACTIVE_SQL_TRANSACTION = define("25001", "active_sql_transaction");
  public static final SqlState BRANCH_TRANSACTION_ALREADY_ACTIVE = define("25002", "branch_transaction_already_active");
  public static final SqlState HELD_CURSOR_REQUIRES_SAME_ISOLATION_LEVEL = define("25008", "held_cursor_requires_same_isolation_level");
  public static final SqlState INAPPROPRIATE_ACCESS_MODE_FOR_BRANCH_TRANSACTION = define("25003", "inappropriate_access_mode_for_branch_transaction");
  public static final SqlState INAPPROPRIATE_ISOLATION_LEVEL_FOR_BRANCH_TRANSACTION = define("25004", "inappropriate_isolation_level_for_branch_transaction");
  public static final SqlState NO_ACTIVE_SQL_TRANSACTION_FOR_BRANCH_TRANSACTION = define("25005", "no_active_sql_transaction_for_branch_transaction");
  public static final SqlState READ_ONLY_SQL_TRANSACTION = define("25006", "read_only_sql_transaction");
  public static final SqlState SCHEMA_AND_DATA_STATEMENT_MIXING_NOT_SUPPORTED = define("25007", "schema_and_data_statement_mixing_not_supported");
  public static final SqlState NO_ACTIVE_SQL_TRANSACTION = define("25P01", "no_active_sql_transaction");
  public static final SqlState IN_FAILED_SQL_TRANSACTION = define("25P02", "in_failed_sql_transaction");
  public static final SqlState IDLE_IN_TRANSACTION_SESSION_TIMEOUT = define("25P03", "idle_in_transaction_session_timeout");
  /// Of PostgreSQL 17.
  public static final SqlState TRANSACTION_TIMEOUT = define("25P04", "transaction_timeout");
  public static final SqlState INVALID_SQL_STATEMENT_NAME = define("26000", "invalid_sql_statement_name");
  public static final SqlState TRIGGERED_DATA_CHANGE_VIOLATION = define("27000", "triggered_data_change_violation");
  public static final SqlState INVALID_AUTHORIZATION_SPECIFICATION = define("28000", "invalid_authorization_specification");
  public static final SqlState INVALID_PASSWORD = define("28P01", "invalid_password");
  public static final SqlState DEPENDENT_PRIVILEGE_DESCRIPTORS_STILL_EXIST = define("2B000", "dependent_privilege_descriptors_still_exist");
  public static final SqlState DEPENDENT_OBJECTS_STILL_EXIST = define("2BP01", "dependent_objects_still_exist");
  public static final SqlState INVALID_TRANSACTION_TERMINATION = define("2D000", "invalid_transaction_termination");
  public static final SqlState SQL_ROUTINE_EXCEPTION = define("2F000", "sql_routine_exception");
  public static final SqlState S_R_E_FUNCTION_EXECUTED_NO_RETURN_STATEMENT = define("2F005", "function_executed_no_return_statement");
  public static final SqlState S_R_E_MODIFYING_SQL_DATA_NOT_PERMITTED = define("2F002", "modifying_sql_data_not_permitted");
  public static final SqlState S_R_E_PROHIBITED_SQL_STATEMENT_ATTEMPTED = define("2F003", "prohibited_sql_statement_attempted");
  public static final SqlState S_R_E_READING_SQL_DATA_NOT_PERMITTED = define("2F004", "reading_sql_data_not_permitted");
  public static final SqlState INVALID_CURSOR_NAME = define("34000", "invalid_cursor_name");
  public static final SqlState EXTERNAL_ROUTINE_EXCEPTION = define("38000", "external_routine_exception");
  public static final SqlState E_R_E_CONTAINING_SQL_NOT_PERMITTED = define("38001", "containing_sql_not_permitted");
  public static final SqlState E_R_E_MODIFYING_SQL_DATA_NOT_PERMITTED = define("38002", "modifying_sql_data_not_permitted");
  public static final SqlState E_R_E_PROHIBITED_SQL_STATEMENT_ATTEMPTED = define("38003", "prohibited_sql_statement_attempted");
  public static final SqlState E_R_E_READING_SQL_DATA_NOT_PERMITTED = define("38004", "reading_sql_data_not_permitted");
  public static final SqlState EXTERNAL_ROUTINE_INVOCATION_EXCEPTION = define("39000", "external_routine_invocation_exception");
  public static final SqlState E_R_I_E_INVALID_SQLSTATE_RETURNED = define("39001", "invalid_sqlstate_returned");
  public static final SqlState E_R_I_E_NULL_VALUE_NOT_ALLOWED = define("39004", "null_value_not_allowed");
  public static final SqlState E_R_I_E_TRIGGER_PROTOCOL_VIOLATED = define("39P01", "trigger_protocol_violated");
  public static final SqlState E_R_I_E_SRF_PROTOCOL_VIOLATED = define("39P02", "srf_protocol_violated");
  public static final SqlState E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED = define("39P03", "event_trigger_protocol_violated");
  public static final SqlState SAVEPOINT_EXCEPTION = define("3B000", "savepoint_exception");
  public static final SqlState S_E_INVALID_SPECIFICATION = define("3B001", "invalid_savepoint_specification");
  public static final SqlState INVALID_CATALOG_NAME = define("3D000", "invalid_catalog_name");
  public static final SqlState INVALID_SCHEMA_NAME = define("3F000", "invalid_schema_name");
  public static final SqlState TRANSACTION_ROLLBACK = define("40000", "transaction_rollback");
  public static final SqlState T_R_INTEGRITY_CONSTRAINT_VIOLATION = define("40002", "transaction_integrity_constraint_violation");
  public static final SqlState T_R_SERIALIZATION_FAILURE = define("40001", "serialization_failure");
  public static final SqlState T_R_STATEMENT_COMPLETION_UNKNOWN = define("40003", "statement_completion_unknown");
  public static final SqlState T_R_DEADLOCK_DETECTED = define("40P01", "deadlock_detected");
  public static final SqlState SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION = define("42000", "syntax_error_or_access_rule_violation");
  public static final SqlState SYNTAX_ERROR = define("42601", "syntax_error");
  public static final SqlState INSUFFICIENT_PRIVILEGE = define("42501", "insufficient_privilege");
  public static final SqlState CANNOT_COERCE = define("42846", "cannot_coerce");
  public static final SqlState GROUPING_ERROR = define("42803", "grouping_error");
  public static final SqlState WINDOWING_ERROR = define("42P20", "windowing_error");
  public static final SqlState INVALID_RECURSION = define("42P19", "invalid_recursion");
  public static final SqlState INVALID_FOREIGN_KEY = define("42830", "invalid_foreign_key");
  public static final SqlState INVALID_NAME = define("42602", "invalid_name");
  public static final SqlState NAME_TOO_LONG = define("42622", "name_too_long");
  public static final SqlState RESERVED_NAME = define("42939", "reserved_name");
  public static final SqlState DATATYPE_MISMATCH = define("42804", "datatype_mismatch");
  public static final SqlState INDETERMINATE_DATATYPE = define("42P18", "indeterminate_datatype");
  public static final SqlState COLLATION_MISMATCH = define("42P21", "collation_mismatch");
  public static final SqlState INDETERMINATE_COLLATION = define("42P22", "indeterminate_collation");
  public static final SqlState WRONG_OBJECT_TYPE = define("42809", "wrong_object_type");
  public static final SqlState GENERATED_ALWAYS = define("428C9", "generated_always");
  public static final SqlState UNDEFINED_COLUMN = define("42703", "undefined_column");
  public static final SqlState UNDEFINED_CURSOR = define("34000", "undefined_cursor");
  public static final SqlState UNDEFINED_DATABASE = define("3D000", "undefined_database");
  public static final SqlState UNDEFINED_FUNCTION = define("42883", "undefined_function");
  public static final SqlState UNDEFINED_PSTATEMENT = define("26000", "undefined_pstatement");
  public static final SqlState UNDEFINED_SCHEMA = define("3F000", "undefined_schema");
  public static final SqlState UNDEFINED_TABLE = define("42P01", "undefined_table");
  public static final SqlState UNDEFINED_PARAMETER = define("42P02", "undefined_parameter");
  public static final SqlState UNDEFINED_OBJECT = define("42704", "undefined_object");
  public static final SqlState DUPLICATE_COLUMN = define("42701", "duplicate_column");
  public static final SqlState DUPLICATE_CURSOR = define("42P03", "duplicate_cursor");
  public static final SqlState DUPLICATE_DATABASE = define("42P04", "duplicate_database");
  public static final SqlState DUPLICATE_FUNCTION = define("42723", "duplicate_function");
  public static final SqlState DUPLICATE_PSTATEMENT = define("42P05", "duplicate_prepared_statement");
  public static final SqlState DUPLICATE_SCHEMA = define("42P06", "duplicate_schema");
  public static final SqlState DUPLICATE_TABLE = define("42P07", "duplicate_table");
  public static final SqlState DUPLICATE_ALIAS = define("42712", "duplicate_alias");
  public static final SqlState DUPLICATE_OBJECT = define("42710", "duplicate_object");
  public static final SqlState AMBIGUOUS_COLUMN = define("42702", "ambiguous_column");
  public static final SqlState AMBIGUOUS_FUNCTION = define("42725", "ambiguous_function");
  public static final SqlState AMBIGUOUS_PARAMETER = define("42P08", "ambiguous_parameter");
  public static final SqlState AMBIGUOUS_ALIAS = define("42P09", "ambiguous_alias");
  public static final SqlState INVALID_COLUMN_REFERENCE = define("42P10", "invalid_column_reference");
  public static final SqlState INVALID_COLUMN_DEFINITION = define("42611", "invalid_column_definition");
  public static final SqlState INVALID_CURSOR_DEFINITION = define("42P11", "invalid_cursor_definition");
  public static final SqlState INVALID_DATABASE_DEFINITION = define("42P12", "invalid_database_definition");
  public static final SqlState INVALID_FUNCTION_DEFINITION = define("42P13", "invalid_function_definition");
  public static final SqlState INVALID_PSTATEMENT_DEFINITION = define("42P14", "invalid_prepared_statement_definition");
  public static final SqlState INVALID_SCHEMA_DEFINITION = define("42P15", "invalid_schema_definition");
  public static final SqlState INVALID_TABLE_DEFINITION = define("42P16", "invalid_table_definition");
  public static final SqlState INVALID_OBJECT_DEFINITION = define("42P17", "invalid_object_definition");
  public static final SqlState WITH_CHECK_OPTION_VIOLATION = define("44000", "with_check_option_violation");
  public static final SqlState INSUFFICIENT_RESOURCES = define("53000", "insufficient_resources");
  public static final SqlState DISK_FULL = define("53100", "disk_full");
  public static final SqlState OUT_OF_MEMORY = define("53200", "out_of_memory");
  public static final SqlState TOO_MANY_CONNECTIONS = define("53300", "too_many_connections");
  public static final SqlState CONFIGURATION_LIMIT_EXCEEDED = define("53400", "configuration_limit_exceeded");
  public static final SqlState PROGRAM_LIMIT_EXCEEDED = define("54000", "program_limit_exceeded");
  public static final SqlState STATEMENT_TOO_COMPLEX = define("54001", "statement_too_complex");
  public static final SqlState TOO_MANY_COLUMNS = define("54011", "too_many_columns");
  public static final SqlState TOO_MANY_ARGUMENTS = define("54023", "too_many_arguments");
  public static final SqlState OBJECT_NOT_IN_PREREQUISITE_STATE = define("55000", "object_not_in_prerequisite_state");
  public static final SqlState OBJECT_IN_USE = define("55006", "object_in_use");
  public static final SqlState CANT_CHANGE_RUNTIME_PARAM = define("55P02", "cant_change_runtime_param");
  public static final SqlState LOCK_NOT_AVAILABLE = define("55P03", "lock_not_available");
  public static final SqlState UNSAFE_NEW_ENUM_VALUE_USAGE = define("55P04", "unsafe_new_enum_value_usage");
  public static final SqlState OPERATOR_INTERVENTION = define("57000", "operator_intervention");
  public static final SqlState QUERY_CANCELED = define("57014", "query_canceled");
  public static final SqlState ADMIN_SHUTDOWN = define("57P01", "admin_shutdown");
  public static final SqlState CRASH_SHUTDOWN = define("57P02", "crash_shutdown");
  public static final SqlState CANNOT_CONNECT_NOW = define("57P03", "cannot_connect_now");
  public static final SqlState DATABASE_DROPPED = define("57P04", "database_dropped");
  public static final SqlState IDLE_SESSION_TIMEOUT = define("57P05", "idle_session_timeout");
  public static final SqlState SYSTEM_ERROR = define("58000", "system_error");
  public static final SqlState IO_ERROR = define("58030", "io_error");
  public static final SqlState UNDEFINED_FILE = define("58P01", "undefined_file");
  public static final SqlState DUPLICATE_FILE = define("58P02", "duplicate_file");
  public static final SqlState SNAPSHOT_TOO_OLD = define("72000", "snapshot_too_old");
  public static final SqlState CONFIG_FILE_ERROR = define("F0000", "config_file_error");
  public static final SqlState LOCK_FILE_EXISTS = define("F0001", "lock_file_exists");
  public static final SqlState FDW_ERROR = define("HV000", "fdw_error");
  public static final SqlState FDW_COLUMN_NAME_NOT_FOUND = define("HV005", "fdw_column_name_not_found");
  public static final SqlState FDW_DYNAMIC_PARAMETER_VALUE_NEEDED = define("HV002", "fdw_dynamic_parameter_value_needed");
  public static final SqlState FDW_FUNCTION_SEQUENCE_ERROR = define("HV010", "fdw_function_sequence_error");
  public static final SqlState FDW_INCONSISTENT_DESCRIPTOR_INFORMATION = define("HV021", "fdw_inconsistent_descriptor_information");
  public static final SqlState FDW_INVALID_ATTRIBUTE_VALUE = define("HV024", "fdw_invalid_attribute_value");
  public static final SqlState FDW_INVALID_COLUMN_NAME = define("HV007", "fdw_invalid_column_name");
  public static final SqlState FDW_INVALID_COLUMN_NUMBER = define("HV008", "fdw_invalid_column_number");
  public static final SqlState FDW_INVALID_DATA_TYPE = define("HV004", "fdw_invalid_data_type");
  public static final SqlState FDW_INVALID_DATA_TYPE_DESCRIPTORS = define("HV006", "fdw_invalid_data_type_descriptors");
  public static final SqlState FDW_INVALID_DESCRIPTOR_FIELD_IDENTIFIER = define("HV091", "fdw_invalid_descriptor_field_identifier");
  public static final SqlState FDW_INVALID_HANDLE = define("HV00B", "fdw_invalid_handle");
  public static final SqlState FDW_INVALID_OPTION_INDEX = define("HV00C", "fdw_invalid_option_index");
  public static final SqlState FDW_INVALID_OPTION_NAME = define("HV00D", "fdw_invalid_option_name");
  public static final SqlState FDW_INVALID_STRING_LENGTH_OR_BUFFER_LENGTH = define("HV090", "fdw_invalid_string_length_or_buffer_length");
  public static final SqlState FDW_INVALID_STRING_FORMAT = define("HV00A", "fdw_invalid_string_format");
  public static final SqlState FDW_INVALID_USE_OF_NULL_POINTER = define("HV009", "fdw_invalid_use_of_null_pointer");
  public static final SqlState FDW_TOO_MANY_HANDLES = define("HV014", "fdw_too_many_handles");
  public static final SqlState FDW_OUT_OF_MEMORY = define("HV001", "fdw_out_of_memory");
  public static final SqlState FDW_NO_SCHEMAS = define("HV00P", "fdw_no_schemas");
  public static final SqlState FDW_OPTION_NAME_NOT_FOUND = define("HV00J", "fdw_option_name_not_found");
  public static final SqlState FDW_REPLY_HANDLE = define("HV00K", "fdw_reply_handle");
  public static final SqlState FDW_SCHEMA_NOT_FOUND = define("HV00Q", "fdw_schema_not_found");
  public static final SqlState FDW_TABLE_NOT_FOUND = define("HV00R", "fdw_table_not_found");
  public static final SqlState FDW_UNABLE_TO_CREATE_EXECUTION = define("HV00L", "fdw_unable_to_create_execution");
  public static final SqlState FDW_UNABLE_TO_CREATE_REPLY = define("HV00M", "fdw_unable_to_create_reply");
  public static final SqlState FDW_UNABLE_TO_ESTABLISH_CONNECTION = define("HV00N", "fdw_unable_to_establish_connection");
  public static final SqlState PLPGSQL_ERROR = define("P0000", "plpgsql_error");
  public static final SqlState RAISE_EXCEPTION = define("P0001", "raise_exception");
  public static final SqlState NO_DATA_FOUND = define("P0002", "no_data_found");
  public static final SqlState TOO_MANY_ROWS = define("P0003", "too_many_rows");
  public static final SqlState ASSERT_FAILURE = define("P0004", "assert_failure");
  public static final SqlState INTERNAL_ERROR = define("XX000", "internal_error");
  public static final SqlState DATA_CORRUPTED = define("XX001", "data_corrupted");
  public static final SqlState INDEX_CORRUPTED = define("XX002", "index_corrupted");

  private final String code;
  private final String condition;

  private SqlState(String code, String condition) {
    this.code = code;
    this.condition = condition;
  }

  private static SqlState define(String code, String condition) {
    SqlState state = new SqlState(code, condition);
    BY_CODE.putIfAbsent(code, state);
    BY_CONDITION.putIfAbsent(condition, state);
    return state;
  }

  /// The state of a code, known or made up by a user.
  ///
  /// @throws IllegalArgumentException unless `code` is five upper-case letters or digits
  public static SqlState of(String code) {
    SqlState known = BY_CODE.get(code);
    if (known != null) {
      return known;
    }
    if (!code.matches("[0-9A-Z]{5}")) {
      throw new IllegalArgumentException("not a SQLSTATE: " + code);
    }
    return new SqlState(code, code);
  }

  public static @Nullable SqlState ofCondition(String condition) {
    return BY_CONDITION.get(condition);
  }

  /// The five-character SQLSTATE.
  public String code() {
    return code;
  }

  /// The condition name, as in `EXCEPTION WHEN division_by_zero`.
  public String condition() {
    return condition;
  }

  /// Whether the error ends the session that gets it: shutdown, termination, idle and transaction time-outs.
  public boolean endsSession() {
    return code.startsWith("57P") || this == IDLE_IN_TRANSACTION_SESSION_TIMEOUT || this == TRANSACTION_TIMEOUT;
  }

  /// Class XX: the engine is at fault, not the user.
  public boolean isInternal() {
    return code.startsWith("XX");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SqlState state && state.code.equals(code);
  }

  @Override
  public int hashCode() {
    return code.hashCode();
  }

  @Override
  public String toString() {
    return code + " " + condition;
  }
}

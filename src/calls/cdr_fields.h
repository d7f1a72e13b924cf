/* SPDX-License-Identifier: Apache-2.0
 *
 * The 87 fields of a Webex call detail record, in one table: our name, the
 * wire name (matched without regard to case or runs of blanks, which covers
 * every spelling met: "Device Mac", "Call transfer Time" …), and the kind.
 * Source: Webex "Detailed Call History", and records seen in 2026-09. */
#ifndef CALLS_CDR_FIELDS_H
#define CALLS_CDR_FIELDS_H

/*
 * TEXT    "" "NA" "na" null and a missing key are all absent
 * NAME    as TEXT, but "NA" may be somebody's name and stays
 * TIME    ISO, with T and Z or with a blank and no zone (= UTC)
 * BOOL    "true"/"false" or a JSON boolean
 * COUNT   not negative; a JSON number or its digits in a string
 * SIGNED  as COUNT, may be negative
 */
enum cdr_kind { CDR_TEXT, CDR_NAME, CDR_TIME, CDR_BOOL, CDR_COUNT, CDR_SIGNED };

#define CDR_FIELDS(row) \
	row(ANSWER_TIME,                 "Answer time", CDR_TIME) \
	row(ANSWERED,                    "Answered", CDR_BOOL) \
	row(DIRECTION,                   "Direction", CDR_TEXT) \
	row(CALLED_LINE_ID,              "Called line ID", CDR_TEXT) \
	row(CALL_ID,                     "Call ID", CDR_TEXT) \
	row(CALLING_LINE_ID,             "Calling line ID", CDR_TEXT) \
	row(START_TIME,                  "Start time", CDR_TIME) \
	row(CALL_TYPE,                   "Call type", CDR_TEXT) \
	row(CLIENT_TYPE,                 "Client type", CDR_TEXT) \
	row(CLIENT_VERSION,              "Client version", CDR_TEXT) \
	row(CORRELATION_ID,              "Correlation ID", CDR_TEXT) \
	row(INTERNATIONAL_COUNTRY,       "International country", CDR_TEXT) \
	row(DEVICE_MAC,                  "Device MAC", CDR_TEXT) \
	row(DURATION,                    "Duration", CDR_COUNT) \
	row(INBOUND_TRUNK,               "Inbound trunk", CDR_TEXT) \
	row(ORG_UUID,                    "Org UUID", CDR_TEXT) \
	row(ORIGINAL_REASON,             "Original reason", CDR_TEXT) \
	row(OS_TYPE,                     "OS type", CDR_TEXT) \
	row(OUTBOUND_TRUNK,              "Outbound trunk", CDR_TEXT) \
	row(REDIRECT_REASON,             "Redirect reason", CDR_TEXT) \
	row(RELATED_REASON,              "Related reason", CDR_TEXT) \
	row(REPORT_ID,                   "Report ID", CDR_TEXT) \
	row(REPORT_TIME,                 "Report time", CDR_TIME) \
	row(ROUTE_GROUP,                 "Route group", CDR_TEXT) \
	row(SITE_MAIN_NUMBER,            "Site main number", CDR_TEXT) \
	row(SITE_TIMEZONE,               "Site timezone", CDR_SIGNED) \
	row(SUB_CLIENT_TYPE,             "Sub client type", CDR_TEXT) \
	row(USER_UUID,                   "User UUID", CDR_TEXT) \
	row(USER_TYPE,                   "User type", CDR_TEXT) \
	row(USER,                        "User", CDR_NAME) \
	row(CALLED_NUMBER,               "Called number", CDR_TEXT) \
	row(CALLING_NUMBER,              "Calling number", CDR_TEXT) \
	row(LOCATION,                    "Location", CDR_NAME) \
	row(DIALED_DIGITS,               "Dialed digits", CDR_TEXT) \
	row(RELEASING_PARTY,             "Releasing party", CDR_TEXT) \
	row(REDIRECTING_NUMBER,          "Redirecting number", CDR_TEXT) \
	row(SITE_UUID,                   "Site UUID", CDR_TEXT) \
	row(DEPARTMENT_ID,               "Department ID", CDR_TEXT) \
	row(TRANSFER_RELATED_CALL_ID,    "Transfer related call ID", CDR_TEXT) \
	row(AUTHORIZATION_CODE,          "Authorization code", CDR_TEXT) \
	row(MODEL,                       "Model", CDR_TEXT) \
	row(LOCAL_SESSION_ID,            "Local SessionID", CDR_TEXT) \
	row(REMOTE_SESSION_ID,           "Remote SessionID", CDR_TEXT) \
	row(CALL_TRANSFER_TIME,          "Call transfer time", CDR_TIME) \
	row(LOCAL_CALL_ID,               "Local call ID", CDR_TEXT) \
	row(REMOTE_CALL_ID,              "Remote call ID", CDR_TEXT) \
	row(NETWORK_CALL_ID,             "Network call ID", CDR_TEXT) \
	row(RELATED_CALL_ID,             "Related call ID", CDR_TEXT) \
	row(USER_NUMBER,                 "User number", CDR_TEXT) \
	row(CALL_OUTCOME,                "Call outcome", CDR_TEXT) \
	row(CALL_OUTCOME_REASON,         "Call outcome reason", CDR_TEXT) \
	row(RING_DURATION,               "Ring duration", CDR_COUNT) \
	row(ANSWER_INDICATOR,            "Answer indicator", CDR_TEXT) \
	row(RELEASE_TIME,                "Release time", CDR_TIME) \
	row(FINAL_LOCAL_SESSION_ID,      "Final local SessionID", CDR_TEXT) \
	row(FINAL_REMOTE_SESSION_ID,     "Final remote SessionID", CDR_TEXT) \
	row(PSTN_LEGAL_ENTITY,           "PSTN legal entity", CDR_TEXT) \
	row(PSTN_VENDOR_ORG_ID,          "PSTN vendor org ID", CDR_TEXT) \
	row(PSTN_VENDOR_NAME,            "PSTN vendor name", CDR_TEXT) \
	row(PSTN_PROVIDER_ID,            "PSTN provider ID", CDR_TEXT) \
	row(EXTERNAL_CUSTOMER_ID,        "External customer ID", CDR_TEXT) \
	row(REDIRECTING_PARTY_UUID,      "Redirecting party UUID", CDR_TEXT) \
	row(PUBLIC_CALLING_IP,           "Public Calling IP Address", CDR_TEXT) \
	row(PUBLIC_CALLED_IP,            "Public Called IP Address", CDR_TEXT) \
	row(CALLER_ID_NUMBER,            "Caller ID number", CDR_TEXT) \
	row(EXTERNAL_CALLER_ID_NUMBER,   "External caller ID number", CDR_TEXT) \
	row(DEVICE_OWNER_UUID,           "Device owner UUID", CDR_TEXT) \
	row(RECORDING_PLATFORM,          "Call Recording Platform Name", CDR_TEXT) \
	row(RECORDING_RESULT,            "Call Recording Result", CDR_TEXT) \
	row(RECORDING_TRIGGER,           "Call Recording Trigger", CDR_TEXT) \
	row(ORIGINAL_CALLED_PARTY_UUID,  "Original called party UUID", CDR_TEXT) \
	row(RECALL_TYPE,                 "Recall type", CDR_TEXT) \
	row(AA_KEY_PRESSED,              "Auto Attendant Key Pressed", CDR_TEXT) \
	row(QUEUE_TYPE,                  "Queue type", CDR_TEXT) \
	row(ANSWERED_ELSEWHERE,          "Answered elsewhere", CDR_TEXT) \
	row(HOLD_DURATION,               "Hold duration", CDR_COUNT) \
	row(ROUTE_LIST_OVERAGE,          "Route list calls overage", CDR_COUNT) \
	row(REPUTATION_SCORE,            "Caller Reputation Score", CDR_TEXT) \
	row(REPUTATION_RESULT,           "Caller Reputation Service Result", CDR_TEXT) \
	row(REPUTATION_REASON,           "Caller Reputation Score Reason", CDR_TEXT) \
	row(INTERACTION_ID,              "Interaction ID", CDR_TEXT) \
	row(CONSULT_MERGE_STATUS,        "WxCC consult merge status", CDR_TEXT) \
	row(ELIN,                        "ELIN", CDR_TEXT) \
	row(EMERGENCY_NUMBER_SOURCE,     "Emergency number source", CDR_TEXT) \
	row(TRANSFER_TYPE,               "Transfer type", CDR_TEXT) \
	row(TRANSFER_TYPE_CONTEXT,       "Transfer type context", CDR_TEXT) \
	row(ANSWER_REASON,               "Answer reason", CDR_TEXT)

enum cdr_field {
#define CDR_FIELD_ENUM(id, wire, kind) CDR_F_##id,
	CDR_FIELDS(CDR_FIELD_ENUM)
#undef CDR_FIELD_ENUM
	CDR_N_FIELDS
};

#endif

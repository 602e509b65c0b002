package bbbsim

import (
	"slices"
	"strings"
)

// joinBooleans and createBooleans must be literally true or false.
var joinBooleans = []string{"redirect", "guest", "auth", "excludeFromDashboard", "bot"}

var createBooleans = []string{
	"record", "autoStartRecording", "allowStartStopRecording", "recordFullDurationMedia", "notifyRecordingIsOn",
	"meetingKeepEvents", "muteOnStart", "webcamsOnlyForModerator", "allowModsToUnmuteUsers", "allowModsToEjectCameras",
	"endWhenNoModerator", "allowPromoteGuestToModerator", "allowRequestsWithoutSession",
	"lockSettingsDisableCam", "lockSettingsDisableMic", "lockSettingsDisablePrivateChat", "lockSettingsDisablePublicChat",
	"lockSettingsDisableNotes", "lockSettingsHideUserList", "lockSettingsHideViewersCursor", "lockSettingsHideViewersAnnotation",
	"lockSettingsLockOnJoin", "lockSettingsLockOnJoinConfigurable", "preUploadedPresentationOverrideDefault",
}

// badBoolean tells a boolean parameter that is neither.
func badBoolean(p pair) bool {
	boolean := slices.Contains(joinBooleans, p.name) || slices.Contains(createBooleans, p.name)
	return boolean && p.value != "true" && p.value != "false"
}

// joinParams are those of join beside userdata-* and the booleans.
var joinParams = []string{
	"fullName", "firstName", "lastName", "meetingID", "role", "password", "createTime", "userID", "errorRedirectUrl",
	"logoutURL", "avatarURL", "webcamBackgroundURL", "enforceLayout",
	"webVoiceConf", "existingUserID", "replaceSessionToken", "sessionName",
}

// createParams are those of create beside meta_*, plugin_* and the booleans.
var createParams = []string{
	"name", "meetingID", "attendeePW", "moderatorPW", "welcome", "moderatorOnlyMessage", "maxParticipants", "duration",
	"logoutURL", "loginURL", "notifyRecordingAppend", "guestPolicy", "lockSettingsPresenterPolicy",
	"meetingExpireIfNoUserJoinedInMinutes", "meetingExpireWhenLastUserLeftInMinutes", "endWhenNoModeratorDelayInMinutes",
	"disabledFeatures", "disabledFeaturesExclude", "learningDashboardCleanupDelayInMinutes", "meetingLayout",
	"bannerText", "bannerColor", "logo", "darklogo", "meetingEndedURL", "preUploadedPresentation", "preUploadedPresentationName",
	"presentationUploadExternalUrl", "presentationUploadExternalDescription", "pluginManifests", "pluginManifestsFetchUrl",
	"dialNumber", "voiceBridge", "userCameraCap", "meetingCameraCap", "maxPinnedCameras", "groups",
}

// known tells whether a call has that parameter. Names are case-sensitive.
func known(call, name string) bool {
	switch call {
	case "join":
		return slices.Contains(joinParams, name) || slices.Contains(joinBooleans, name) || strings.HasPrefix(name, "userdata-")
	case "create":
		return slices.Contains(createParams, name) || slices.Contains(createBooleans, name) ||
			strings.HasPrefix(name, "meta_") || strings.HasPrefix(name, "plugin_")
	case "getMeetings":
		return false
	case "end":
		return name == "meetingID" || name == "password"
	case "getMeetingInfo", "isMeetingRunning":
		return name == "meetingID"
	}
	return true
}

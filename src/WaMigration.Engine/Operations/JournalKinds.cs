namespace WaMigration;

/// <summary>
/// The kinds of events that operations journal. They are on disk, so they never change. "-ing" is written before the
/// request is sent, the past form after its answer.
/// </summary>
internal static class JournalKinds
{
    internal const string Installing = "client-installing";
    internal const string Installed = "client-installed";
    internal const string ClientRecreating = "client-recreating";
    internal const string ClientRecreated = "client-recreated";
    internal const string DatabaseFresh = "database-fresh";
    internal const string LoggedIn = "logged-in";
    internal const string TwoStepDisabling = "two-step-disabling";
    internal const string TwoStepDisabled = "two-step-disabled";
    internal const string TwoStepEnabling = "two-step-enabling";
    internal const string TwoStepEnabled = "two-step-enabled";
    internal const string WebhookClearing = "webhook-clearing";
    internal const string WebhookCleared = "webhook-cleared";
    internal const string WebhookSetting = "webhook-setting";
    internal const string WebhookSet = "webhook-set";
    internal const string CertificateSet = "certificate-set";
    internal const string SettingsChanged = "settings-changed";
    internal const string BackupWritten = "backup-written";
    internal const string TokenWritten = "token-written";
    internal const string TokenRestored = "token-restored";
    internal const string ClusterCleaning = "cluster-cleaning";
    internal const string ClusterCleaned = "cluster-cleaned";
    internal const string DefinitionsWritten = "definitions-written";
    internal const string RestartPoliciesClearing = "restart-policies-clearing";
    internal const string WebappStopping = "webapp-stopping";
    internal const string WebappStartedAgain = "webapp-started-again";
    internal const string Drained = "drained";
    internal const string ClientStarting = "client-starting";
    internal const string ClientStartedEarly = "client-started-early";
    internal const string CoreappsRestarted = "coreapps-restarted";
    internal const string MediaVolumesSeen = "media-volumes-seen";
    internal const string MediaCopied = "media-copied";
    internal const string DatabasesCopying = "databases-copying";
    internal const string DatabasesCopied = "databases-copied";
    internal const string DatabasesExported = "databases-exported";
    internal const string ClientStopping = "client-stopping";
    internal const string ClientStopped = "client-stopped";
    internal const string ClientRemoving = "client-removing";
    internal const string ClientRemoved = "client-removed";
    internal const string SourceStoppedStated = "source-stopped-stated";
    internal const string SourceStoppedProved = "source-stopped-proved";
    internal const string RestoreSending = "restore-sending";
    internal const string RestoreAnswered = "restore-answered";
    internal const string RestoreRefused = "restore-refused";
    internal const string RestoreFoundDone = "restore-found-done";
    internal const string Healthy = "healthy";
    internal const string TestMessageSending = "test-message-sending";
    internal const string TestMessageAccepted = "test-message-accepted";
    internal const string TestMessageDelivered = "test-message-delivered";
}

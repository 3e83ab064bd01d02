namespace WaMigration;

/// <summary>What was seen of a setup when it was last looked at.</summary>
public enum WaSetupState
{
    /// <summary>Nothing was looked at (described with -NotInstalled).</summary>
    Unknown,

    /// <summary>No container of a client is on its Docker hosts.</summary>
    NotInstalled,

    /// <summary>Containers are there, and the API does not answer.</summary>
    Stopped,

    /// <summary>The API answers and the login was taken.</summary>
    Running,
}

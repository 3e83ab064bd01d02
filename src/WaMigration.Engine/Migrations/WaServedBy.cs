namespace WaMigration;

/// <summary>Which client serves the number now.</summary>
public enum WaServedBy
{
    /// <summary>Not known from here.</summary>
    Unknown,

    /// <summary>None: the number is down.</summary>
    None,

    /// <summary>The old client.</summary>
    Source,

    /// <summary>The new client.</summary>
    Destination,
}

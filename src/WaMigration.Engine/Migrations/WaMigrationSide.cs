namespace WaMigration;

/// <summary>Whose machines a run works on.</summary>
public enum WaMigrationSide
{
    /// <summary>Both setups are reachable from here.</summary>
    Both,

    /// <summary>The old setup only; another company has the new one.</summary>
    Source,

    /// <summary>The new setup only; another company has the old one.</summary>
    Destination,
}

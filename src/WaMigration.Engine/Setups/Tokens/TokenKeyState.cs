namespace WaMigration.Setups.Tokens;

/// <summary>Whether tokens of one client can be good on another, by the key that its Webapps sign them with.</summary>
internal enum TokenKeyState
{
    /// <summary>Something could not be read.</summary>
    Unknown,

    /// <summary>Every Webapp of both has the same key.</summary>
    Equal,

    /// <summary>None has a key set, and all are of one image, whose own key they sign with.</summary>
    UnsetSameImage,

    /// <summary>None has a key set, and they are of different images, which may have different keys of their own.</summary>
    UnsetOtherImage,

    /// <summary>Both have one, and not the same.</summary>
    Different,

    /// <summary>Only one of them has one.</summary>
    SetOnOneSide,
}

namespace WaLab.Service;

/// <summary>A person on WhatsApp.</summary>
/// <param name="Id">Digits.</param>
/// <param name="Name">The name.</param>
/// <param name="Delivers">The phone is on.</param>
/// <param name="Reads">Messages are read.</param>
/// <param name="Reply">Answers every message with this.</param>
/// <param name="OpenFor">Numbers that this person wrote to just now: they may answer freely for a day.</param>
public sealed record ServiceContact(
    string Id, string Name = "", bool Delivers = true, bool Reads = true, string? Reply = null, IReadOnlyList<string>? OpenFor = null);

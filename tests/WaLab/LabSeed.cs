namespace WaLab;

/// <summary>What the old client has done before a test begins.</summary>
/// <param name="Contacts">People on WhatsApp.</param>
/// <param name="Sent">Messages that it sent.</param>
/// <param name="Received">Messages that it received.</param>
public sealed record LabSeed(int Contacts = 4, int Sent = 4, int Received = 3);

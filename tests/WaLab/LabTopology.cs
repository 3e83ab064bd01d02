namespace WaLab;

/// <summary>How many of each node a client has.</summary>
/// <param name="Masters">Masters.</param>
/// <param name="Coreapps">Coreapps; the vendor wants one more than shards.</param>
/// <param name="Shards">Shards: 1, 2, 4, 8, 16 or 32.</param>
/// <param name="Webapps">Webapps.</param>
public sealed record LabTopology(int Masters = 2, int Coreapps = 3, int Shards = 2, int Webapps = 1)
{
    /// <summary>The vendor's production form: one of each node on each of two hosts.</summary>
    public static LabTopology TwoHosts { get; } = new(2, 2, 1, 2);
}

using WaSimulator.Hosting;
using WaSimulator.Nodes.Stores;
using WaSimulator.Storage;

namespace WaSimulator.Nodes;

/// <summary>What the parts of a Coreapp or Master share.</summary>
internal sealed class CoreContext : IDisposable
{
    public CoreContext(SimNode node, IDatabaseServer database)
    {
        Node = node;
        Database = database;
        var address = node.Environment.Service ?? throw new SimulatorException("WA_SIM_SERVICE is not set: the node does not know its WhatsApp service.");
        Service = new ServiceClient(address);
        Peers = new PeerClient(node.Network, node.Clock, node.Environment.Secret);
        Reporter = new ServiceReporter(Service, node.Clock, Key, node.Log);
        Config = new ConfigStore(database.Open(StoreNames.Config), Clock);
        Cluster = new ClusterStore(database.Open(StoreNames.Cluster));
        Keys = new KeyStore(database.Open(StoreNames.Axolotl), Clock);
        Messages = new MessageStore(database.Open(StoreNames.Message), database.Open(StoreNames.Jobqueue), Clock);
        Media = new MediaStore(database.Open(StoreNames.Message), Clock);
        Files = new MediaFiles(node);
        Callbacks = new CallbackStore(database.Open(StoreNames.Callback), Clock);
        Contacts = new ContactStore(database.Open(StoreNames.Contact), Clock);
    }

    public SimNode Node { get; }

    public SimClock Clock => Node.Clock;

    public NodeEnvironment Environment => Node.Environment;

    public bool IsMaster => Node.Spec.Role == NodeRole.Master;

    public string Version => Node.Spec.Version;

    /// <summary>The first 12 digits of the container's id.</summary>
    public string ContainerName => Node.Spec.ContainerId.Length > 12 ? Node.Spec.ContainerId[..12] : Node.Spec.ContainerId;

    public string Hostname => Environment.AdvertisedHost;

    public int Port => Environment.AdvertisedControlPort;

    /// <summary>As in /v1/health: hostname:container-id.</summary>
    public string Key => $"{Hostname}:{ContainerName}";

    public IDatabaseServer Database { get; }

    public ServiceClient Service { get; }

    public PeerClient Peers { get; }

    public ServiceReporter Reporter { get; }

    public ConfigStore Config { get; }

    public ClusterStore Cluster { get; }

    public KeyStore Keys { get; }

    public MessageStore Messages { get; }

    public MediaStore Media { get; }

    public MediaFiles Files { get; }

    public CallbackStore Callbacks { get; }

    public ContactStore Contacts { get; }

    public void Log(string level, string text) => Node.Log(level, text);

    public void Dispose()
    {
        Service.Dispose();
        Peers.Dispose();
    }
}

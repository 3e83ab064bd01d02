namespace WaMigration.Containers;

/// <summary>What can go wrong with Docker hosts and the containers on them.</summary>
internal static class ContainerErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Containers.ContainerErrors");

    internal static readonly WaErrorKind DockerSchemeNotSupported = new("DockerSchemeNotSupported", WaErrorCategory.NotImplemented, Text);

    internal static readonly WaErrorKind DockerCertificateUnusable = new("DockerCertificateUnusable", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind DockerHostUnreachable = new("DockerHostUnreachable", WaErrorCategory.ConnectionError, Text);

    internal static readonly WaErrorKind DockerRefused = new("DockerRefused", WaErrorCategory.InvalidOperation, Text);

    internal static readonly WaErrorKind ContainerMissing = new("ContainerMissing", WaErrorCategory.ObjectNotFound, Text);

    internal static readonly WaErrorKind ContainerNameTaken = new("ContainerNameTaken", WaErrorCategory.ResourceExists, Text);

    internal static readonly WaErrorKind ContainerWouldNotStart = new("ContainerWouldNotStart", WaErrorCategory.InvalidOperation, Text);

    internal static readonly WaErrorKind ImageMissing = new("ImageMissing", WaErrorCategory.ObjectNotFound, Text);

    internal static readonly WaErrorKind ImageFileUnusable = new("ImageFileUnusable", WaErrorCategory.InvalidData, Text);

    internal static readonly WaErrorKind ImageChanged = new("ImageChanged", WaErrorCategory.InvalidData, Text);

    internal static readonly WaErrorKind PortTaken = new("PortTaken", WaErrorCategory.ResourceBusy, Text);
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using Version = System.Version;

namespace WaMigration.Containers.Docker;

/// <summary>
/// A Docker host through the Docker library. The library keeps no connection between requests, so a client is made for
/// each one and nothing has to be closed afterwards.
/// </summary>
internal sealed class DockerNetHost(Uri address, IDockerTransport transport, TimeSpan timeout) : IDockerHost
{
    /// <summary>The version whose behaviour the code was tried with; spoken wherever the engine still (or already) can.</summary>
    private static readonly Version PreferredApi = new(1, 41);

    private static readonly TimeSpan ShortestStall = TimeSpan.FromMinutes(2);

    /// <summary>A command that was stopped is over within two seconds, whatever a host does.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(700);

    /// <summary>Programs end by themselves, or with the command.</summary>
    private static readonly TimeSpan Endless = TimeSpan.FromDays(7);

    private Version? pinned;

    /// <summary>Longer than disks and networks need to get over themselves.</summary>
    private TimeSpan StallLimit => timeout > ShortestStall ? timeout : ShortestStall;

    public Uri Address { get; } = address;

    public Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(CancellationToken cancellation) =>
        CallAsync<IReadOnlyList<ContainerSummary>>(Address.ToString(), TimeSpan.Zero, cancellation, async (docker, token) =>
        {
            var all = await docker.Containers.ListContainersAsync(new ContainersListParameters { All = true }, token).ConfigureAwait(false);
            return all.Select(DefinitionMapping.Summary).ToList();
        });

    public Task<ContainerDetail?> InspectContainerAsync(string idOrName, CancellationToken cancellation) =>
        CallAsync(idOrName, TimeSpan.Zero, cancellation, async (docker, token) =>
        {
            var found = await InspectAsync(docker, idOrName, token).ConfigureAwait(false);
            return found is null ? null : DefinitionMapping.Detail(found);
        });

    public Task<string> CreateContainerAsync(ContainerDefinition definition, CancellationToken cancellation) =>
        CallAsync(definition.Name, TimeSpan.Zero, cancellation, async (docker, token) =>
        {
            try
            {
                var made = await docker.Containers.CreateContainerAsync(DefinitionMapping.Parameters(definition), token).ConfigureAwait(false);

                // The engine takes one network at creation; the others are joined before the first start.
                foreach (var network in definition.Networks.Skip(1))
                {
                    await docker.Networks.ConnectNetworkAsync(
                        network.Name,
                        new NetworkConnectParameters { Container = made.ID, EndpointConfig = new EndpointSettings { Aliases = [.. network.Aliases] } },
                        token).ConfigureAwait(false);
                }

                return made.ID;
            }
            catch (DockerImageNotFoundException failure)
            {
                throw ContainerErrors.ImageMissing.Error(definition.Image, failure, [], Address, DockerFailures.Said(failure));
            }
        });

    public async Task StartContainerAsync(string idOrName, CancellationToken cancellation)
    {
        try
        {
            await CallAsync(idOrName, TimeSpan.Zero, cancellation, (docker, token) =>
                docker.Containers.StartContainerAsync(idOrName, new ContainerStartParameters(), token)).ConfigureAwait(false);
        }
        catch (WaException refused) when (refused.Kind == ContainerErrors.DockerRefused)
        {
            var detail = await InspectContainerAsync(idOrName, cancellation).ConfigureAwait(false);
            var log = detail is null ? [] : await ReadLogAsync(idOrName, ContainerEvidence.LogLines, cancellation).ConfigureAwait(false);
            throw ContainerErrors.ContainerWouldNotStart.Error(detail?.Definition.Name ?? idOrName, refused, log, Address, refused.Message);
        }
    }

    public Task StopContainerAsync(string idOrName, TimeSpan grace, CancellationToken cancellation) =>
        CallAsync(idOrName, grace, cancellation, (docker, token) =>
            docker.Containers.StopContainerAsync(idOrName, new ContainerStopParameters { WaitBeforeKillSeconds = Seconds(grace) }, token));

    public Task RestartContainerAsync(string idOrName, TimeSpan grace, CancellationToken cancellation) =>
        CallAsync(idOrName, grace, cancellation, async (docker, token) =>
        {
            await docker.Containers.RestartContainerAsync(idOrName, new ContainerRestartParameters { WaitBeforeKillSeconds = Seconds(grace) }, token).ConfigureAwait(false);
            return true;
        });

    public Task RemoveContainerAsync(string idOrName, CancellationToken cancellation) =>
        CallAsync(idOrName, TimeSpan.Zero, cancellation, async (docker, token) =>
        {
            try
            {
                // Both said aloud: a volume of the client may hold what no backup has.
                await docker.Containers.RemoveContainerAsync(idOrName, new ContainerRemoveParameters { RemoveVolumes = false, Force = false }, token).ConfigureAwait(false);
            }
            catch (DockerContainerNotFoundException)
            {
                return true;
            }
            catch (DockerApiException refused) when (DockerFailures.Said(refused).Has("is already in progress"))
            {
                // An earlier request whose answer was lost is at it: the end of that is the answer to this.
                while (await InspectAsync(docker, idOrName, token).ConfigureAwait(false) is not null)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100), token).ConfigureAwait(false);
                }
            }

            return true;
        });

    public Task SetRestartPolicyAsync(string idOrName, string policy, CancellationToken cancellation) =>
        CallAsync(idOrName, TimeSpan.Zero, cancellation, (docker, token) =>
            docker.Containers.UpdateContainerAsync(
                idOrName,
                new ContainerUpdateParameters { RestartPolicy = new RestartPolicy { Name = DefinitionMapping.PolicyKind(policy) } },
                token));

    public Task<IReadOnlyList<string>> ReadLogAsync(string idOrName, int lines, CancellationToken cancellation) =>
        CallAsync<IReadOnlyList<string>>(idOrName, TimeSpan.Zero, cancellation, async (docker, token) =>
        {
            var found = await InspectAsync(docker, idOrName, token).ConfigureAwait(false);
            if (found is null)
            {
                return [];
            }

            var filter = SecretFilter.For(DefinitionMapping.Detail(found).Definition);
            using var log = await docker.Containers.GetContainerLogsAsync(
                idOrName,
                found.Config.Tty,
                new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Tail = lines.ToString(System.Globalization.CultureInfo.InvariantCulture) },
                token).ConfigureAwait(false);
            return (await ReadTextAsync(log, token).ConfigureAwait(false))
                .Split(['\n'], StringSplitOptions.RemoveEmptyEntries)
                .Select(line => filter.Clean(line.TrimEnd('\r')))
                .ToList();
        });

    public Task<byte[]?> ReadFileAsync(string idOrName, string path, CancellationToken cancellation) =>
        CallAsync(idOrName, TimeSpan.Zero, cancellation, async (docker, token) =>
        {
            try
            {
                var archive = await docker.Containers.GetArchiveFromContainerAsync(
                    idOrName, new GetArchiveFromContainerParameters { Path = path }, statOnly: false, token).ConfigureAwait(false);
                using (archive.Stream)
                {
                    return await TarFile.ReadFirstAsync(archive.Stream, token).ConfigureAwait(false);
                }
            }
            catch (DockerContainerNotFoundException)
            {
                // The same answer for a container and for a path that is not there; both mean no such file.
                return null;
            }
        });

    public async Task<Stream?> OpenArchiveAsync(string idOrName, string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var stall = new CancellationTokenSource();
        DockerClient? docker = null;
        WaException Said(Exception failure, CancellationToken stalled) => stalled.IsCancellationRequested && failure is not WaException
            ? ContainerErrors.DockerHostUnreachable.Error(Address.ToString(), failure, [], ContainerText.Catalog.Format("NoAnswer", StallLimit.TotalSeconds))
            : DockerFailures.Translate(failure, Address, path);
        try
        {
            stall.CancelAfter(StallLimit);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellation);
            docker = NewClient(await PinAsync(either.Token).ConfigureAwait(false));
            var archive = await docker.Containers.GetArchiveFromContainerAsync(
                idOrName, new GetArchiveFromContainerParameters { Path = path }, statOnly: false, either.Token).ConfigureAwait(false);
            return new ArchiveStream(archive.Stream, docker, stall, StallLimit, Said);
        }
        catch (DockerContainerNotFoundException)
        {
            // The same answer for a container and for a path that is not there.
            docker?.Dispose();
            stall.Dispose();
            return null;
        }
        catch (Exception failure) when (DockerFailures.IsExpected(failure))
        {
            docker?.Dispose();
            var said = Said(failure, stall.Token);
            stall.Dispose();
            cancellation.ThrowIfCancellationRequested();
            throw said;
        }
    }

    public async Task WriteArchiveAsync(string idOrName, string path, Stream archive, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(StallLimit);
        try
        {
            using var docker = NewClient(await PinAsync(stall.Token).ConfigureAwait(false));
            using var sent = new SentStream(archive, stall, StallLimit);
            await docker.Containers.ExtractArchiveToContainerAsync(
                idOrName, new ContainerPathStatParameters { Path = path, AllowOverwriteDirWithFile = false }, sent, stall.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (DockerFailures.IsExpected(failure))
        {
            cancellation.ThrowIfCancellationRequested();
            throw stall.IsCancellationRequested && failure is not WaException
                ? ContainerErrors.DockerHostUnreachable.Error(Address.ToString(), failure, [], ContainerText.Catalog.Format("NoAnswer", StallLimit.TotalSeconds))
                : DockerFailures.Translate(failure, Address, path);
        }
    }

    public async Task<ProgramOutput> RunProgramAsync(ContainerDefinition definition, CancellationToken cancellation)
    {
        var id = await CreateContainerAsync(definition, cancellation).ConfigureAwait(false);
        try
        {
            await StartContainerAsync(id, cancellation).ConfigureAwait(false);
            return await CallAsync(definition.Name, Endless, cancellation, async (docker, token) =>
            {
                var ended = await docker.Containers.WaitContainerAsync(id, token).ConfigureAwait(false);
                using var log = await docker.Containers.GetContainerLogsAsync(id, tty: false, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true }, token).ConfigureAwait(false);
                var (output, errors) = await log.ReadOutputToEndAsync(token).ConfigureAwait(false);
                return new ProgramOutput((int)ended.StatusCode, Lines(output), Lines(errors));
            }).ConfigureAwait(false);
        }
        finally
        {
            // Also after Ctrl+C: nobody else knows of it. What cannot be removed now is removed by the next run.
            await EndAsync(id, cancellation.IsCancellationRequested ? StopLimit : timeout).ConfigureAwait(false);
        }
    }

    public Task<IReadOnlyList<VolumeSummary>> ListVolumesAsync(CancellationToken cancellation) =>
        CallAsync<IReadOnlyList<VolumeSummary>>(Address.ToString(), TimeSpan.Zero, cancellation, async (docker, token) =>
            ((await docker.Volumes.ListAsync(token).ConfigureAwait(false)).Volumes ?? [])
                .Select(volume => new VolumeSummary(
                    volume.Name,
                    volume.Driver ?? string.Empty,
                    Copy(volume.Labels),
                    Copy(volume.Options)))
                .ToList());

    public Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellation) =>
        CallAsync<IReadOnlyList<string>>(Address.ToString(), TimeSpan.Zero, cancellation, async (docker, token) =>
            (await docker.Images.ListImagesAsync(new ImagesListParameters(), token).ConfigureAwait(false))
                .SelectMany(image => image.RepoTags ?? [])
                .ToList());

    public Task<string> GetEngineIdAsync(CancellationToken cancellation) =>
        CallAsync(Address.ToString(), TimeSpan.Zero, cancellation, async (docker, token) =>
            (await docker.System.GetSystemInfoAsync(token).ConfigureAwait(false)).ID ?? string.Empty);

    public Task<DateTimeOffset?> GetClockAsync(CancellationToken cancellation) =>
        CallAsync<DateTimeOffset?>(Address.ToString(), TimeSpan.Zero, cancellation, async (docker, token) =>
            DateTimeOffset.TryParse(
                (await docker.System.GetSystemInfoAsync(token).ConfigureAwait(false)).SystemTime,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var time) ? time : null);

    public async Task<bool> HasImageAsync(string image, CancellationToken cancellation) =>
        await FindImageAsync(image, cancellation).ConfigureAwait(false) is not null;

    public Task<string?> FindImageAsync(string image, CancellationToken cancellation) =>
        CallAsync(image, TimeSpan.Zero, cancellation, async (docker, token) =>
        {
            try
            {
                return (string?)(await docker.Images.InspectImageAsync(image, token).ConfigureAwait(false)).ID;
            }
            catch (DockerImageNotFoundException)
            {
                return null;
            }
        });

    public Task PullImageAsync(string image, IProgress<string> progress, CancellationToken cancellation) =>
        CallAsync(image, TimeSpan.FromHours(1), cancellation, async (docker, token) =>
        {
            var messages = new PullMessages(progress);
            try
            {
                var (name, tag) = ImageName.Split(image);
                await docker.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = name, Tag = tag }, null, messages, token).ConfigureAwait(false);
            }
            catch (DockerApiException refused)
            {
                throw ContainerErrors.ImageMissing.Error(image, refused, [], Address, DockerFailures.Said(refused));
            }

            return messages.Failure is null ? true : throw ContainerErrors.ImageMissing.Error(image, Address, messages.Failure);
        });

    public Task LoadImagesAsync(string path, IProgress<string> progress, CancellationToken cancellation) =>
        CallAsync(path, TimeSpan.FromHours(1), cancellation, async (docker, token) =>
        {
            var messages = new PullMessages(progress);
            using var file = OpenImages(path);
            try
            {
                await docker.Images.LoadImageAsync(new ImageLoadParameters { Quiet = false }, file, messages, token).ConfigureAwait(false);
            }
            catch (DockerApiException refused)
            {
                throw ContainerErrors.ImageFileUnusable.Error(path, refused, [], Address, DockerFailures.Said(refused));
            }

            return messages.Failure is null ? true : throw ContainerErrors.ImageFileUnusable.Error(path, Address, messages.Failure);
        });

    public Task EnsureVolumeAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation) =>
        //// Creating a volume that is there gives the same one back.
        CallAsync(name, TimeSpan.Zero, cancellation, (docker, token) =>
            docker.Volumes.CreateAsync(new VolumesCreateParameters { Name = name, Driver = "local", Labels = Copy(labels) }, token));

    public Task EnsureNetworkAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation) =>
        CallAsync(name, TimeSpan.Zero, cancellation, async (docker, token) =>
        {
            var all = await docker.Networks.ListNetworksAsync(null, token).ConfigureAwait(false);
            if (all.All(network => network.Name != name))
            {
                await docker.Networks.CreateNetworkAsync(
                    new NetworksCreateParameters { Name = name, Driver = "bridge", CheckDuplicate = true, Labels = Copy(labels) }, token).ConfigureAwait(false);
            }

            return true;
        });

    public Task<string> GetVersionAsync(CancellationToken cancellation) =>
        CallAsync(Address.ToString(), TimeSpan.Zero, cancellation, async (docker, token) =>
            (await docker.System.GetVersionAsync(token).ConfigureAwait(false)).Version);

    private FileStream OpenImages(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ContainerErrors.ImageFileUnusable.Error(path, failure, [], Address, failure.Message);
        }
    }

    private static uint Seconds(TimeSpan grace) => (uint)Math.Ceiling(grace.TotalSeconds);

    private static Dictionary<string, string> Copy(IDictionary<string, string>? values) => values is null ? [] : new Dictionary<string, string>(values);

    private static List<string> Lines(string text) =>
        text.Split(['\n'], StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')).ToList();

    private async Task EndAsync(string id, TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            using var docker = NewClient(await PinAsync(limit.Token).ConfigureAwait(false));
            await docker.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { RemoveVolumes = false, Force = true }, limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (DockerFailures.IsExpected(failure))
        {
            // The host is gone, or it is: what was to be told is told by the failure before.
            GC.KeepAlive(failure);
        }
    }

    private static Dictionary<string, string> Copy(IReadOnlyDictionary<string, string> labels) => labels.ToDictionary(label => label.Key, label => label.Value);

    private static async Task<ContainerInspectResponse?> InspectAsync(DockerClient docker, string idOrName, CancellationToken token)
    {
        try
        {
            return await docker.Containers.InspectContainerAsync(idOrName, token).ConfigureAwait(false);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Both streams in the order in which they were written.</summary>
    private static async Task<string> ReadTextAsync(MultiplexedStream log, CancellationToken token)
    {
        var buffer = new byte[16 * 1024];
        using var text = new MemoryStream();
        while (true)
        {
            var read = await log.ReadOutputAsync(buffer, 0, buffer.Length, token).ConfigureAwait(false);
            if (read.EOF)
            {
                return Encoding.UTF8.GetString(text.ToArray());
            }

            text.Write(buffer, 0, read.Count);
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The client disposes of its configuration.")]
    private DockerClient NewClient(Version? version) =>
        new DockerClientConfiguration(new Uri("http://docker/"), new TransportCredentials(transport), Timeout.InfiniteTimeSpan).CreateClient(version);

    [SuppressMessage("Design", "CA1068", Justification = "The request is long and reads best at the end.")]
    private async Task<T> CallAsync<T>(string target, TimeSpan extra, CancellationToken cancellation, Func<DockerClient, CancellationToken, Task<T>> request)
    {
        cancellation.ThrowIfCancellationRequested();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout + extra);
        try
        {
            using var docker = NewClient(await PinAsync(limit.Token).ConfigureAwait(false));
            return await request(docker, limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (DockerFailures.IsExpected(failure))
        {
            cancellation.ThrowIfCancellationRequested();
            if (failure is DockerApiException)
            {
                target = await NameOfAsync(target, cancellation).ConfigureAwait(false);
            }

            throw limit.IsCancellationRequested && failure is not WaException
                ? ContainerErrors.DockerHostUnreachable.Error(Address.ToString(), failure, [], ContainerText.Catalog.Format("NoAnswer", (timeout + extra).TotalSeconds))
                : DockerFailures.Translate(failure, Address, target);
        }
    }

    /// <summary>Ids say nothing to people; where the name can still be asked for, errors say that.</summary>
    private async Task<string> NameOfAsync(string idOrName, CancellationToken cancellation)
    {
        if (!ImageName.IsId(idOrName))
        {
            return idOrName;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            using var docker = NewClient(await PinAsync(limit.Token).ConfigureAwait(false));
            return (await InspectAsync(docker, idOrName, limit.Token).ConfigureAwait(false))?.Name.TrimStart('/') ?? idOrName;
        }
        catch (Exception failure) when (DockerFailures.IsExpected(failure))
        {
            cancellation.ThrowIfCancellationRequested();
            return idOrName;
        }
    }

    /// <summary>The library negotiates nothing by itself, and engines refuse versions that are too old or too new.</summary>
    private async Task<Version> PinAsync(CancellationToken token)
    {
        if (pinned is { } known)
        {
            return known;
        }

        using var docker = NewClient(null);
        var engine = await docker.System.GetVersionAsync(token).ConfigureAwait(false);
        var version = PreferredApi;
        if (Version.TryParse(engine.APIVersion, out var highest) && highest < version)
        {
            version = highest;
        }

        if (Version.TryParse(engine.MinAPIVersion, out var lowest) && lowest > version)
        {
            version = lowest;
        }

        pinned = version;
        return version;
    }
}

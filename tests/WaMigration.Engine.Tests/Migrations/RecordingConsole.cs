using System.Collections.Concurrent;

namespace WaMigration.Engine.Tests.Migrations;

/// <summary>Keeps what an operation says.</summary>
internal sealed class RecordingConsole : IOperationConsole
{
    internal ConcurrentQueue<string> Lines { get; } = new();

    internal Operation Operation(bool planOnly = false, TimeProvider? time = null, CancellationToken? cancellation = null) =>
        new(this, planOnly, cancellation ?? TestContext.Current.CancellationToken, time);

    public void Progress(WaProgress progress) => Lines.Enqueue("progress: " + progress.Status);

    public void Verbose(string text) => Lines.Enqueue("verbose: " + text);

    public void Warning(string text) => Lines.Enqueue("warning: " + text);

    public void WhatIf(string target, string action) => Lines.Enqueue($"what if: {action}: {target}");
}

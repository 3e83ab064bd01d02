namespace WaMigration.Containers;

/// <summary>Passes on at once and on the same thread, unlike <see cref="Progress{T}"/>, so that nothing comes after the end.</summary>
internal sealed class PullProgress(Action<string> pass) : IProgress<string>
{
    public void Report(string value) => pass(value);
}

namespace WaMigration.Databases.Copying;

/// <summary>Where a counter stands.</summary>
internal sealed record CounterPosition(string Name, long LastValue, bool IsCalled);

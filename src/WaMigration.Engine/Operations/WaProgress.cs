namespace WaMigration;

/// <summary>Where a long operation stands.</summary>
/// <param name="Activity">What is being done.</param>
/// <param name="Status">The detail of the moment.</param>
/// <param name="Percent">0 to 100; null where it is not known.</param>
/// <param name="IsCompleted">The activity has ended; its bar goes away.</param>
public sealed record WaProgress(string Activity, string Status, int? Percent = null, bool IsCompleted = false);

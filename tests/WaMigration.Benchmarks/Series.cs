using System.Globalization;

namespace WaMigration.Benchmarks;

/// <summary>Several measurements of one thing.</summary>
internal sealed class Series(string name)
{
    private readonly List<double> values = [];

    internal string Name { get; } = name;

    internal double Median
    {
        get
        {
            var sorted = values.Order().ToList();
            var middle = sorted.Count / 2;
            return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    internal double Smallest => values.Min();

    internal double Largest => values.Max();

    /// <summary>Takes a measurement, and says it: a long benchmark that is cut has told what it knew.</summary>
    internal void Add(double milliseconds)
    {
        values.Add(milliseconds);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Name}: {milliseconds:F0} ms"));
    }
}

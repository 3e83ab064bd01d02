namespace WaMigration.Migrations;

/// <summary>
/// A migration that is open here: it holds the folder's lock and journal until it is ended. Under -WhatIf there is
/// neither, and changes stay in memory.
/// </summary>
internal sealed class MigrationRun : IDisposable
{
    private readonly object gate = new();
    private readonly MigrationLock? held;
    private MigrationRecord record;
    private bool begun;
    private bool ended;

    internal MigrationRun(string path, MigrationRecord record, bool isNew, JournalFile journal, MigrationLock? held, TimeProvider time)
    {
        Path = path;
        this.record = record;
        IsNew = isNew;
        JournalFile = journal;
        this.held = held;
        Time = time;
    }

    internal string Path { get; }

    /// <summary>The folder was made by this run.</summary>
    internal bool IsNew { get; }

    internal bool IsPlan => held is null;

    internal bool IsOpen => !ended;

    internal TimeProvider Time { get; }

    internal JournalFile JournalFile { get; }

    /// <summary>This run undoes the migration; the numbers of its steps are those of the undo.</summary>
    internal bool IsUndo { get; set; }

    /// <summary>The steps that this run goes through.</summary>
    internal IReadOnlyList<StepRecord> Steps => IsUndo ? Record.Undo?.Steps ?? [] : Record.Steps;

    /// <exception cref="WaException">StepUnknown.</exception>
    internal StepRecord Step(int number) => Steps.FirstOrDefault(step => step.Number == number)
        ?? throw MigrationErrors.StepUnknown.Error(number.ToString(System.Globalization.CultureInfo.InvariantCulture), Steps[0].Number, Steps[Steps.Count - 1].Number);

    /// <summary>The number before which this run stops; null where it goes to the end.</summary>
    internal int? StopsBefore { get; set; }

    /// <summary>This run only prepares, measures, and says what the real one would take.</summary>
    internal bool IsRehearsal { get; set; }

    /// <summary>The secret parameters that this run has.</summary>
    internal IReadOnlyCollection<string> SecretsGiven { get; set; } = [];

    internal WaSetup? Source { get; private set; }

    internal WaSetup? Destination { get; private set; }

    internal MigrationRecord Record
    {
        get
        {
            lock (gate)
            {
                return record;
            }
        }
    }

    internal MigrationSnapshot Snapshot() => new(Path, Record, JournalFile.Events, Time.GetUtcNow());

    internal string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Changes the record; it is on disk when this returns.</summary>
    internal MigrationRecord Change(Func<MigrationRecord, MigrationRecord> change)
    {
        lock (gate)
        {
            if (ended)
            {
                throw MigrationErrors.MigrationNotOpen.Error(Path);
            }

            var changed = change(record);
            if (!IsPlan)
            {
                Security.PrivateFiles.Replace(File(MigrationFiles.Record), changed.ToBytes());
            }

            begun = true;
            return record = changed;
        }
    }

    /// <summary>Lets operations on both setups journal here, and the new side know whom it must not run beside.</summary>
    internal void Link(WaSetup? source, WaSetup? destination)
    {
        Source = source;
        Destination = destination;
        if (source is not null)
        {
            source.Journal = JournalFile;

            // On the way back it is the new one that must be proved stopped.
            source.Counterpart = IsUndo ? destination : null;
        }

        if (destination is not null)
        {
            destination.Journal = JournalFile;
            destination.Counterpart = source;
        }
    }

    /// <summary>Ends the run: what still stands at Running was interrupted. The lock is free afterwards.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (ended)
            {
                return;
            }

            try
            {
                if (begun && !IsPlan)
                {
                    Change(current => current.AfterItsRun());
                    JournalFile.Write(MigrationEvents.RunEnded, MigrationEvents.NoSetup, ("state", record.State.ToString()));
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // A record that says Running while nobody holds the lock reads as interrupted anyway; the error that
                // ended the run must not be hidden by this one.
            }
            finally
            {
                ended = true;
                Unlink();
                JournalFile.Dispose();
                held?.Dispose();
            }
        }
    }

    private void Unlink()
    {
        foreach (var setup in new[] { Source, Destination })
        {
            if (setup is not null && ReferenceEquals(setup.Journal, JournalFile))
            {
                setup.Journal = new NoJournal();
                setup.Counterpart = null;
            }
        }
    }
}

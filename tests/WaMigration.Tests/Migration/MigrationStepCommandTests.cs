using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>What the cmdlets of a record do with steps, without any client.</summary>
public sealed class MigrationStepCommandTests : IDisposable
{
    private readonly RecordSession session = new();

    [Fact]
    public void A_step_sees_the_variables_around_it_and_its_output_goes_on_one_by_one()
    {
        session.Start();

        var result = session.Run("$greeting = 'hello'; Invoke-WaMigrationStep $m -Number 1 -Name Install -ScriptBlock { $greeting; 1..3 } | ForEach-Object { \"got $_\" }");

        Assert.Equal(["got hello", "got 1", "got 2", "got 3"], result.MustSucceed().Output.Select(item => item.ToString()));
        Assert.Equal("Done", session.Run("$m.Steps[0].State").Single().ToString());
    }

    [Fact]
    public void One_side_alone_neither_moves_users_and_tokens_nor_is_undone()
    {
        session.Shell.Set("runbook", ModuleUnderTest.Runbook("Invoke-WaFullMigration.ps1"));
        session.Shell.Set("exchange", session.Other("exchange"));
        const string Secret = "-BackupPassword ([Net.NetworkCredential]::new('', 'x').SecurePassword)";

        var halved = session.Run($"& $runbook -Side Source -Source $old -Destination $new -Path $folder {Secret} -SkipTestMessage -Confirm:$false");

        Assert.Equal(["SideNotOfOption"], halved.ErrorIds);
        Assert.Contains("Invoke-WaMessageMigration", halved.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Folder));

        session.Run("$m = Start-WaMigration $folder -Option 2 -Side Source -Source $old -HandOverPath $exchange; $m.Dispose()").MustSucceed();
        var undone = session.Run("Start-WaMigration $folder -Undo -Source $old");
        Assert.Equal(["UndoOneSided"], undone.ErrorIds);
        Assert.Contains("Install-WaClient -DefinitionPath", undone.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_goes_on_before_the_step_ends()
    {
        session.Start();

        session.Run("Invoke-WaMigrationStep $m -Number 1 -Name Install -ScriptBlock { 'x' } | ForEach-Object { $during = $m.Steps[0].State }").MustSucceed();

        Assert.Equal("Running", session.Run("$during").Single().ToString());
    }

    [Fact]
    public void The_first_error_of_a_step_ends_it_whatever_the_preference_says()
    {
        session.Start();

        var result = session.Run("$ErrorActionPreference = 'Continue'; Invoke-WaMigrationStep $m -Number 1 -Name Install -ScriptBlock { Test-WaMigration -Source $old -Phase Plan -Require; 'after' }");

        Assert.DoesNotContain(result.Output, item => item.ToString() == "after");
        Assert.Equal(["ChecksFailed"], result.ErrorIds);
        Assert.Equal("Failed", session.Run("$m.Steps[0].State").Single().ToString());
        Assert.Equal("Failed", session.Run("$m.State").Single().ToString());
    }

    [Fact]
    public void A_failed_step_throws_the_original_error_and_keeps_its_id_and_message()
    {
        session.Start();

        var result = session.Run("Invoke-WaMigrationStep $m -Number 1 -Name Install -ScriptBlock { Get-WaMigration /nowhere/at/all }");

        Assert.Equal("MigrationNotFound,WaMigration.Commands.GetWaMigrationCommand", Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Equal("MigrationNotFound,WaMigration.Commands.GetWaMigrationCommand", session.Run("$m.Steps[0].ErrorId").Single().ToString());
        Assert.Contains("/nowhere/at/all", session.Run("$m.Steps[0].Error").Single().ToString(), StringComparison.Ordinal);
        Assert.Contains(result.Warnings, warning => warning.Contains("Start-WaMigration", StringComparison.Ordinal));
    }

    [Fact]
    public void A_throw_in_a_step_is_thrown_on_as_it_is()
    {
        session.Start();

        var result = session.Run("Invoke-WaMigrationStep $m -Number 1 -Name Install -ScriptBlock { throw 'no such luck' }");

        Assert.Equal("no such luck", Assert.Single(result.Errors).FullyQualifiedErrorId);
    }

    [Fact]
    public void A_step_out_of_order_is_refused_and_does_not_run()
    {
        session.Start();

        var result = session.Run("Invoke-WaMigrationStep $m -Number 3 -Name Clean -ScriptBlock { $global:ran = 1 }");

        Assert.Equal("StepOutOfOrder,WaMigration.Commands.InvokeWaMigrationStepCommand", Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Null(session.Shell.Get("ran"));
    }

    [Fact]
    public void A_step_that_is_done_does_not_run_again_and_one_that_failed_does()
    {
        session.Start();
        session.Run("$n = 0; Invoke-WaMigrationStep $m -Number 1 -Name Install -ScriptBlock { $global:first++ }").MustSucceed();
        session.Run("Invoke-WaMigrationStep $m -Number 2 -Name Login -ScriptBlock { $global:second++; throw 'once' }");
        session.Run("$m.Dispose()");

        session.Start();
        session.Run("Invoke-WaMigrationStep $m -Number 1 -Name Install -ScriptBlock { $global:first++ }").MustSucceed();
        session.Run("Invoke-WaMigrationStep $m -Number 2 -Name Login -ScriptBlock { $global:second++ }").MustSucceed();

        Assert.Equal(1, session.Shell.Get("first"));
        Assert.Equal(2, session.Shell.Get("second"));
        Assert.Equal(2, session.Run("$m.Steps[1].Attempts").Single().BaseObject);
    }

    [Fact]
    public void A_skipped_step_keeps_its_reason()
    {
        session.Start();

        session.Run("Invoke-WaMigrationStep $m -Number 1 -Name Install -Skip -Reason 'by hand' -ScriptBlock { $global:ran = 1 }").MustSucceed();

        Assert.Equal("Skipped by hand", session.Run("\"$($m.Steps[0].State) $($m.Steps[0].Reason)\"").Single().ToString());
        Assert.Null(session.Shell.Get("ran"));
    }

    [Fact]
    public void A_step_of_the_other_company_is_passed_over()
    {
        session.Run("$m = Start-WaMigration $folder -Option 1 -Destination $new -Side Destination -HandOverPath \"$folder-exchange\"").MustSucceed();
        session.Run("1, 2 | ForEach-Object { Invoke-WaMigrationStep $m -Number $_ -Name Own -Side Destination -ScriptBlock { $global:own++ } }").MustSucceed();
        session.Run("Invoke-WaMigrationStep $m -Number 3 -Name Clean -Side Source -ScriptBlock { $global:theirs = 1 }").MustSucceed();

        Assert.Equal(2, session.Shell.Get("own"));
        Assert.Null(session.Shell.Get("theirs"));
        Assert.Equal("Skipped", session.Run("$m.Steps[2].State").Single().ToString());
    }

    [Fact]
    public void Under_what_if_steps_are_told_run_with_what_if_and_leave_nothing()
    {
        var result = session.Run("""
            $m = Start-WaMigration $folder -Option 1 -Source $old -Destination $new -WhatIf
            Invoke-WaMigrationStep $m -Number 1 -Name 'Install it' -WhatIf -ScriptBlock { "what if: $WhatIfPreference" }
            Invoke-WaMigrationStep $m -Number 2 -Name 'Log in' -Skip -Reason 'no need' -WhatIf -ScriptBlock { 'never' }
            "$($m.State)"
            """);

        Assert.Equal(["what if: True", "Planned"], result.MustSucceed().Output.Select(item => item.ToString()));
        Assert.Contains(result.WhatIfLines, line => line.Contains("Step 1 of 10: Install it", StringComparison.Ordinal));
        Assert.Contains(result.WhatIfLines, line => line.Contains("no need", StringComparison.Ordinal));
        Assert.False(Directory.Exists(session.Folder));
    }

    [Fact]
    public void Completing_too_early_is_refused_and_the_migration_stays_open()
    {
        session.Start();

        var result = session.Run("Complete-WaMigration $m");

        Assert.Equal("StepsNotDone,WaMigration.Commands.CompleteWaMigrationCommand", Assert.Single(result.Errors).FullyQualifiedErrorId);
        session.Run("Invoke-WaMigrationStep $m -Number 1 -Name Install -ScriptBlock { }").MustSucceed();
    }

    [Fact]
    public void A_completed_migration_gives_its_date_frees_the_folder_and_says_so_when_it_is_run_again()
    {
        session.Start();
        session.Run("1..10 | ForEach-Object { Invoke-WaMigrationStep $m -Number $_ -Name Step -ScriptBlock { } }").MustSucceed();

        var done = session.Run("Complete-WaMigration $m").MustSucceed().Single();

        Assert.Equal("AwaitingRetention", ScriptResult.Value(done, "State")!.ToString());
        Assert.Equal(14, ((DateTimeOffset)ScriptResult.Value(done, "DatabasesMayGoAfter")! - (DateTimeOffset)ScriptResult.Value(done, "CompletedAt")!).TotalDays);
        var again = session.Run("$m = Start-WaMigration $folder -Option 1 -Source $old -Destination $new; $m");
        Assert.Equal("AwaitingRetention", ScriptResult.Value(again.MustSucceed().Single(), "State")!.ToString());
        Assert.NotEmpty(again.Warnings);
    }

    [Fact]
    public async Task A_step_that_is_stopped_stands_at_interrupted()
    {
        session.Start();
        using var stop = new CancellationTokenSource();
        using var started = new ManualResetEventSlim();
        session.Shell.Set("started", started);
        var running = session.Shell.RunAsync(
            "try { Invoke-WaMigrationStep $m -Number 1 -Name Install -ScriptBlock { 'begun' | ForEach-Object { $started.Set() }; while ($true) { [System.Threading.Thread]::Yield() } } } finally { $m.Dispose() }",
            null,
            stop.Token);
        await Task.Run(() => started.Wait(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await running;

        Assert.Equal("Interrupted Interrupted", session.Run("$r = Get-WaMigration $folder; \"$($r.State) $($r.Steps[0].State)\"").Single().ToString());
    }

    [Fact]
    public void Runbooks_are_listed_with_what_they_do_and_copied_where_wanted()
    {
        session.Shell.Set("copies", session.Other("copies"));

        var listed = session.Run("Get-WaRunbook -Option 1").Single();
        Assert.Equal("Invoke-WaSettingsMigration", ScriptResult.Value(listed, "Name"));
        Assert.StartsWith("Option 1", (string)ScriptResult.Value(listed, "Synopsis")!, StringComparison.Ordinal);

        var copy = session.Run("Get-WaRunbook Invoke-WaSettingsMigration -Destination $copies").Single();
        Assert.True(File.Exists((string)ScriptResult.Value(copy, "Path")!));
        Assert.Equal(["RunbookExists"], session.Run("Get-WaRunbook Invoke-WaSettingsMigration -Destination $copies").ErrorIds);
        Assert.Equal(["RunbookNotFound"], session.Run("Get-WaRunbook Invoke-Nothing").ErrorIds);
    }

    public void Dispose() => session.Dispose();
}

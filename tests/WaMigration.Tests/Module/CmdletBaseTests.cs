using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Module;

/// <summary>The base of all cmdlets, by cmdlets made for it, inside a real engine.</summary>
public sealed class CmdletBaseTests
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    [Fact]
    public void Objects_arrive_in_the_order_in_which_they_were_written()
    {
        using var session = Fixtures.Session();

        var result = session.Run("Write-TestNumber 5000").MustSucceed();

        Assert.Equal(Enumerable.Range(1, 5000), result.Output.Select(o => (int)o.BaseObject));
    }

    [Fact]
    public void Fast_work_waits_for_a_slow_pipeline()
    {
        using var session = Fixtures.Session();
        var written = new StrongBox<int>();

        // A pipeline that takes one object and then waits for as long as the work still writes.
        var ahead = session.Run(
            """
            param($w)
            Write-TestNumber 5000 -Written $w | ForEach-Object {
                if ($_ -eq 1) {
                    do { $before = $w.Value; [Threading.Tasks.Task]::Delay(300).Wait() } while ($w.Value -ne $before)
                    $before
                }
            }
            """,
            ("w", written)).Single();

        Assert.InRange((int)ahead.BaseObject, 100, 300);
        Assert.Equal(5000, written.Value);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_work_within_two_seconds()
    {
        using var session = Fixtures.Session();
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new StrongBox<bool>();
        var running = session.RunAsync(
            "param($s, $e) Wait-TestForever -Started $s -Ended $e",
            new Hashtable { ["s"] = started, ["e"] = ended },
            stop.Token);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        var watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        await running;

        Assert.True(watch.Elapsed < StopLimit, $"It took {watch.Elapsed}.");
        Assert.True(ended.Value, "The work was left behind.");
    }

    [Fact]
    public void When_a_later_command_has_enough_the_work_ends_and_the_pipeline_goes_on()
    {
        using var session = Fixtures.Session();
        var ended = new StrongBox<bool>();

        var result = session.Run("param($e) Write-TestNumber -Ended $e | Select-TestFirst 3; 'after'", ("e", ended)).MustSucceed();

        Assert.Equal(["1", "2", "3", "after"], result.Output.Select(o => o.ToString()));
        Assert.True(ended.Value, "The work was left behind.");
    }

    [Theory]
    [InlineData("throw 'enough'", "enough")]
    [InlineData("[int]::Parse('x')", "FormatException")]
    [InlineData("Get-Item -ErrorAction Stop", "CommandNotFoundException")]
    public void When_a_later_command_fails_the_work_ends_and_its_error_goes_on_as_it_is(string later, string id)
    {
        using var session = Fixtures.Session();
        var ended = new StrongBox<bool>();

        var result = session.Run($"param($e) $ErrorActionPreference = 'Stop'; Write-TestNumber -Ended $e | ForEach-Object {{ {later} }}", ("e", ended));

        Assert.Equal([id], result.ErrorIds);
        Assert.True(ended.Value, "The work was left behind.");
    }

    [Fact]
    public void Break_out_of_a_loop_around_the_pipeline_ends_the_work()
    {
        using var session = Fixtures.Session();
        var ended = new StrongBox<bool>();

        var result = session.Run("param($e) while ($true) { Write-TestNumber -Ended $e | ForEach-Object { $_; break } }; 'after'", ("e", ended)).MustSucceed();

        Assert.Equal(["1", "after"], result.Output.Select(o => o.ToString()));
        Assert.True(ended.Value, "The work was left behind.");
    }

    [Fact]
    public void A_known_failure_becomes_an_error_with_id_category_target_evidence_and_remedy()
    {
        using var session = Fixtures.Session();

        var error = Assert.Single(session.Run("Write-TestFailure").Errors);

        Assert.Equal("TestFailed,WaMigration.TestCmdlets.ThrowFailureCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.SecurityError, error.CategoryInfo.Category);
        Assert.Equal("node-1", error.TargetObject);
        Assert.Equal("It failed." + Environment.NewLine + "last line of the log", error.ErrorDetails.Message);
        Assert.Equal("Mend it.", error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void A_failure_that_is_not_known_names_its_type()
    {
        using var session = Fixtures.Session();

        var error = Assert.Single(session.Run("param($f) Write-TestFailure $f", ("f", new TimeoutException("late"))).Errors);

        Assert.Equal("UnexpectedTimeoutException,WaMigration.TestCmdlets.ThrowFailureCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.OperationTimeout, error.CategoryInfo.Category);
        Assert.Equal("late", error.Exception.Message);
    }

    [Fact]
    public void An_error_that_ends_nothing_lets_the_work_go_on()
    {
        using var session = Fixtures.Session();

        var result = session.Run("Write-TestFailure -GoOn");

        Assert.Equal(["TestFailed"], result.ErrorIds);
        Assert.Equal("went on", Assert.Single(result.Output).BaseObject);
    }

    [Fact]
    public void ErrorAction_Stop_makes_such_an_error_the_end()
    {
        using var session = Fixtures.Session();

        var result = session.Run("try { Write-TestFailure -GoOn -ErrorAction Stop } catch { 'caught ' + $_.FullyQualifiedErrorId }").MustSucceed();

        Assert.Equal("caught TestFailed,WaMigration.TestCmdlets.ThrowFailureCommand", result.Single().BaseObject);
    }

    [Fact]
    public async Task A_writer_that_comes_late_is_refused()
    {
        using var session = Fixtures.Session();
        var go = new TaskCompletionSource();
        var met = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);

        var result = session.Run("param($g, $m) Write-TestLate -Go $g -Met $m -Verbose", ("g", go.Task), ("m", met)).MustSucceed();
        go.SetResult();
        var refused = await met.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.IsAssignableFrom<InvalidOperationException>(refused);
        Assert.Empty(result.Verbose);
    }

    [Fact]
    public void Confirmation_is_asked_from_the_work_and_its_answer_obeyed()
    {
        using var session = Fixtures.Session();

        session.Host.ChoiceAnswer = 2;
        var refused = session.Run("Invoke-TestQuestion { 'ran' } -Confirm").MustSucceed();
        session.Host.ChoiceAnswer = 0;
        var confirmed = session.Run("Invoke-TestQuestion { 'ran' } -Confirm").MustSucceed();

        Assert.Equal(["refused"], refused.Output.Select(o => o.ToString()));
        Assert.Equal(["ran", "done"], confirmed.Output.Select(o => o.ToString()));
        Assert.Contains(confirmed.HostLines, line => line.Contains("the target", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Invoke-TestQuestion -Change 'container a', 'container b' -WhatIf")]
    [InlineData("$WhatIfPreference = $true; Invoke-TestQuestion -Change 'container a', 'container b'")]
    [InlineData("& { [CmdletBinding(SupportsShouldProcess)] param() Invoke-TestQuestion -Change 'container a', 'container b' } -WhatIf")]
    public void WhatIf_tells_every_change_and_makes_none(string script)
    {
        using var session = Fixtures.Session();

        var result = session.Run(script).MustSucceed();

        Assert.Equal(["done"], result.Output.Select(o => o.ToString()));
        Assert.Equal(2, result.WhatIfLines.Count);
        Assert.Contains("container a", result.WhatIfLines[0], StringComparison.Ordinal);
        Assert.Contains("container b", result.WhatIfLines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_false_on_the_command_overrules_the_preference()
    {
        using var session = Fixtures.Session();

        var result = session.Run("$WhatIfPreference = $true; Invoke-TestQuestion -Change 'container a' -WhatIf:$false").MustSucceed();

        Assert.Equal(["changed container a", "done"], result.Output.Select(o => o.ToString()));
    }

    [Fact]
    public void A_script_block_that_fails_is_a_failure_of_who_ran_it_and_not_of_the_pipeline()
    {
        using var session = Fixtures.Session();

        var result = session.Run("Invoke-TestQuestion { throw 'no' }");

        Assert.Equal("block failed: no", Assert.Single(result.Output).BaseObject);
        Assert.Equal("no", Assert.Single(result.Errors).Exception.Message);
    }

    [Fact]
    public void Exit_inside_a_script_block_ends_the_script()
    {
        using var session = Fixtures.Session();

        var result = session.Run("Invoke-TestQuestion { exit 3 }; 'after'");

        Assert.Empty(result.Output);
        Assert.Contains("exit 3", result.HostLines);
    }

    [Fact]
    public void Progress_is_thinned_and_completed_and_the_other_streams_keep_everything()
    {
        using var session = Fixtures.Session();
        session.Set("ProgressPreference", ActionPreference.Continue);

        var result = session.Run("Write-TestTalk 1000 -Verbose").MustSucceed();

        Assert.InRange(result.Progress.Count, 2, 20);
        Assert.Equal(ProgressRecordType.Completed, result.Progress[^1].RecordType);
        Assert.Contains("begin", result.Verbose);
        Assert.Equal(["careful"], result.Warnings);
        Assert.Equal("end", result.Single().BaseObject);
    }

    [Fact]
    public void A_warning_that_is_to_stop_stops_the_work()
    {
        using var session = Fixtures.Session();

        var result = session.Run("try { Write-TestTalk 1 -WarningAction Stop } catch { 'stopped' }").MustSucceed();

        Assert.Equal(["stopped"], result.Output.Select(o => o.ToString()));
    }

    [Fact]
    public void Several_records_are_worked_off_one_after_the_other()
    {
        using var session = Fixtures.Session();

        var result = session.Run("1, 2, 3 | ForEach-Object { Write-TestNumber $_ }").MustSucceed();

        Assert.Equal([1, 1, 2, 1, 2, 3], result.Output.Select(o => (int)o.BaseObject));
    }
}

using WaMigration.Migrations;

namespace WaMigration.Engine.Tests.Migrations;

public sealed class DowntimeTests
{
    [Fact]
    public void There_is_none_before_anything_is_taken_down()
    {
        var migration = new JournalStory().Old(JournalKinds.BackupWritten).Seen();

        Assert.Null(migration.OutboundDowntime);
        Assert.Null(migration.InboundDowntime);
    }

    [Fact]
    public void Outbound_is_from_the_Webapp_stopping_to_the_first_Healthy_of_the_new_side()
    {
        var migration = new JournalStory()
            .Old(JournalKinds.WebhookCleared, 0)
            .Old(JournalKinds.WebappStopping, 10)
            .Old(JournalKinds.ClientStopping, 15)
            .New(JournalKinds.RestoreAnswered, 20)
            .New(JournalKinds.Healthy, 22)
            .New(JournalKinds.Healthy, 60)
            .Seen();

        Assert.True(migration.OutboundDowntime!.IsOver);
        Assert.Equal(TimeSpan.FromSeconds(12), migration.OutboundDowntime.Duration);
    }

    [Fact]
    public void Inbound_is_from_the_webhook_cleared_to_the_webhook_set_and_connected()
    {
        var migration = new JournalStory()
            .Old(JournalKinds.WebhookCleared, 3)
            .Old(JournalKinds.WebappStopping, 10)
            .Old(JournalKinds.ClientStopping, 15)
            .New(JournalKinds.Healthy, 22)
            .New(JournalKinds.WebhookSet, 30)
            .New(JournalKinds.Healthy, 33)
            .Seen();

        Assert.Equal(TimeSpan.FromSeconds(30), migration.InboundDowntime!.Duration);
        Assert.True(migration.InboundDowntime.IsOver);
    }

    [Fact]
    public void Inbound_begins_with_the_old_side_stopped_where_that_is_earlier()
    {
        var migration = new JournalStory()
            .Old(JournalKinds.WebappStopping, 10)
            .Old(JournalKinds.ClientStopping, 15)
            .New(JournalKinds.Healthy, 22)
            .New(JournalKinds.WebhookSet, 30)
            .New(JournalKinds.Healthy, 33)
            .Seen();

        Assert.Equal(TimeSpan.FromSeconds(18), migration.InboundDowntime!.Duration);
    }

    [Fact]
    public void A_webhook_that_came_with_the_restored_settings_ends_the_inbound_downtime_with_the_first_Healthy()
    {
        var migration = new JournalStory()
            .Old(JournalKinds.ClientStopping, 15)
            .New(JournalKinds.Healthy, 22)
            .With(record => record.WithStep(record.Step(9) with { State = WaStepState.Done }))
            .Seen();

        Assert.Equal(TimeSpan.FromSeconds(7), migration.InboundDowntime!.Duration);
    }

    [Fact]
    public void While_it_lasts_it_says_how_long_so_far()
    {
        var migration = new JournalStory().Old(JournalKinds.WebappStopping, 0).Seen(5);

        Assert.False(migration.OutboundDowntime!.IsOver);
        Assert.Null(migration.OutboundDowntime.EndedAt);
        Assert.Equal(TimeSpan.FromSeconds(5), migration.OutboundDowntime.Duration);
        Assert.Equal("00:00:05.0 so far", migration.OutboundDowntime.ToString());
    }

    [Fact]
    public void A_client_stopped_by_a_person_counts_from_his_word()
    {
        var migration = new JournalStory().Old(JournalKinds.SourceStoppedStated, 4).New(JournalKinds.Healthy, 9).Seen();

        Assert.Equal("00:00:05.0", migration.OutboundDowntime!.ToString());
    }

    [Fact]
    public void The_first_message_delivered_is_when_it_was_seen()
    {
        var migration = new JournalStory().New(JournalKinds.TestMessageDelivered, 40).Seen();

        Assert.Equal(JournalStory.Noon.AddSeconds(40), migration.FirstMessageDelivered);
    }
}

using System.Management.Automation;
using System.Net.Http;
using System.Net.Sockets;

namespace WaMigration.Commands;

/// <summary>The one table from failures to PowerShell's error records.</summary>
internal static class ErrorRecords
{
    internal static ErrorRecord From(Exception failure, object source)
    {
        if (failure is IContainsErrorRecord { ErrorRecord: { } own } && failure is RuntimeException)
        {
            return own;
        }

        if (failure is not WaException known)
        {
            return new ErrorRecord(failure, "Unexpected" + failure.GetType().Name, CategoryOf(failure), source);
        }

        var record = new ErrorRecord(
            known,
            known.ErrorId,
            Enum.TryParse<ErrorCategory>(known.Kind.Category.ToString(), out var category) ? category : ErrorCategory.NotSpecified,
            known.Target);
        var message = known.Evidence.Count == 0
            ? known.Message
            : known.Message + Environment.NewLine + string.Join(Environment.NewLine, known.Evidence);
        record.ErrorDetails = new ErrorDetails(message) { RecommendedAction = known.Remedy };
        return record;
    }

    private static ErrorCategory CategoryOf(Exception failure) => failure switch
    {
        TimeoutException => ErrorCategory.OperationTimeout,
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        FileNotFoundException or DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
        InvalidDataException => ErrorCategory.InvalidData,
        IOException => ErrorCategory.WriteError,
        HttpRequestException or SocketException => ErrorCategory.ConnectionError,
        ArgumentException => ErrorCategory.InvalidArgument,
        _ => ErrorCategory.NotSpecified,
    };
}

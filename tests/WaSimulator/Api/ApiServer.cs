using System.Data.Common;
using Microsoft.AspNetCore.Http;

namespace WaSimulator.Api;

/// <summary>Turns HTTP requests into calls and every refusal or fault into the error envelope.</summary>
internal static class ApiServer
{
    public static RequestDelegate Handler(
        string version,
        Func<ApiCall, Task<ApiAnswer>> answer,
        Action<string, string> log,
        CancellationToken killed)
    {
        return async context =>
        {
            ApiAnswer result;
            try
            {
                result = await answer(await ApiCall.ReadAsync(context));
            }
            catch (ApiException problem)
            {
                log("INFO", $"{context.Request.Method} {context.Request.Path}: {problem.Code} {problem.Details}");
                result = ApiAnswer.Error(version, problem);
            }
            catch (OperationCanceledException) when (killed.IsCancellationRequested || context.RequestAborted.IsCancellationRequested)
            {
                context.Abort();
                return;
            }
            catch (ObjectDisposedException) when (killed.IsCancellationRequested)
            {
                context.Abort();
                return;
            }
            catch (DbException problem)
            {
                log("ERROR", $"{context.Request.Method} {context.Request.Path}: database: {problem.Message}");
                result = ApiAnswer.Error(version, new ApiException(ApiErrors.Database, "Database error occurred"));
            }
            catch (Exception problem)
            {
                // A request must get an answer and the node must go on; the fault itself is on the node's output.
                log("ERROR", $"{context.Request.Method} {context.Request.Path}: {problem}");
                result = ApiAnswer.Error(version, new ApiException(ApiErrors.Internal, "Internal error"));
            }

            context.Response.StatusCode = result.Status;
            context.Response.ContentType = result.ContentType;
            context.Response.ContentLength = result.Body.Length;
            await context.Response.Body.WriteAsync(result.Body, context.RequestAborted);
        };
    }
}

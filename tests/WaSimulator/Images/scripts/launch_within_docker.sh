#!/bin/sh
# Starts the program of this image: the web server, or the core, which is a Master where WA_MASTER_NODE says so.
# Its version and its container's full id are told here, where the container can still see them.
read -r program version </opt/whatsapp/image
WA_API_VERSION=$version
WA_SIM_CONTAINER_ID=$(sed -n 's#.*/containers/\([0-9a-f]\{64\}\)/hostname .*#\1#p' /proc/self/mountinfo)
export WA_API_VERSION WA_SIM_CONTAINER_ID
exec /usr/share/dotnet/dotnet /opt/whatsapp/simulator/WaSimulator.dll "$program"
